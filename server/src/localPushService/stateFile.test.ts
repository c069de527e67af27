import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadState, saveState } from './stateFile';
import { Subscriptions } from './subscriptions';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'push-state-'));
  file = join(folder, 'state.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

it('brings back browsers, their subscriptions and the ends of others', () => {
  const before = new Subscriptions();
  const browser = before.addUserAgent(false);
  const kept = before.register(browser, 'key');
  const keyless = before.register(browser);
  const ended = before.register(browser);
  before.unregister(browser, ended.channelId);
  saveState(file, before);

  const after = new Subscriptions();
  loadState(file, after);
  expect(after.find(kept.token)).toMatchObject({ channelId: kept.channelId, applicationServerKey: 'key' });
  expect(after.find(keyless.token)).toMatchObject({ applicationServerKey: undefined });
  expect(after.find(ended.token)).toBe('gone');
  expect([...after.userAgents.keys()]).toEqual([browser.uaid]);
});

it('leaves out simulated user agents and browsers without subscriptions', () => {
  const before = new Subscriptions();
  before.register(before.addUserAgent(true));
  before.addUserAgent(false);
  saveState(file, before);
  const after = new Subscriptions();
  loadState(file, after);
  expect(after.userAgents.size).toBe(0);
});

it('writes for its owner only, and leaves nothing beside the file', () => {
  saveState(file, new Subscriptions());
  saveState(file, new Subscriptions());
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['state.json']);
});

it('begins empty when there is no file, and makes its folder', () => {
  const deeper = join(folder, 'push', 'state.json');
  loadState(deeper, new Subscriptions());
  saveState(deeper, new Subscriptions());
  expect(readdirSync(join(folder, 'push'))).toEqual(['state.json']);
});

it.each(['', '{', '{"version":2,"userAgents":[],"goneTokens":[]}', '[]'])(
  'says so of a damaged file %p',
  (text) => {
    writeFileSync(file, text);
    expect(() => loadState(file, new Subscriptions())).toThrow(/state file .* cannot be read/);
  },
);
