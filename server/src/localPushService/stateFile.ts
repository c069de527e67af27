import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Subscriptions } from './subscriptions';
import type { UserAgent } from './userAgent/userAgent';

const stateShape = z.object({
  version: z.literal(1),
  userAgents: z.array(
    z.object({
      uaid: z.string(),
      channels: z.array(
        z.object({ channelId: z.string(), token: z.string(), applicationServerKey: z.string().optional() }),
      ),
    }),
  ),
  goneTokens: z.array(z.string()),
});

type State = z.infer<typeof stateShape>;

/**
 * Writes the browsers and their subscriptions, whole and in one step, so that a kill leaves the old file
 * or the new one. Simulated user agents are left out: their keys end with the process.
 */
export function saveState(file: string, subscriptions: Subscriptions): void {
  const browsers = [...subscriptions.userAgents.values()].filter((userAgent) => !userAgent.simulated);
  const state: State = {
    version: 1,
    userAgents: browsers.filter((browser) => browser.channels.size > 0).map(describeUserAgent),
    goneTokens: [...subscriptions.goneTokens],
  };
  const draft = `${file}.new`;
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
  renameSync(draft, file);
}

/**
 * Reads what `saveState` wrote; when there is no file yet, makes sure of its folder, but of none above it.
 * Throws when the file is damaged.
 */
export function loadState(file: string, subscriptions: Subscriptions): void {
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { mode: 0o700 });
  if (!existsSync(file)) return;
  const state = readState(file);
  for (const token of state.goneTokens) subscriptions.goneTokens.add(token);
  for (const { uaid, channels } of state.userAgents) {
    const userAgent = subscriptions.addUserAgent(false, uaid);
    for (const channel of channels) {
      const { channelId, token, applicationServerKey } = channel;
      subscriptions.restore({ channelId, token, applicationServerKey, userAgent });
    }
  }
}

function readState(file: string): State {
  try {
    return stateShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`The state file of the push service cannot be read: ${file}`, { cause });
  }
}

function describeUserAgent(userAgent: UserAgent): State['userAgents'][number] {
  const channels = [...userAgent.channels.values()].map(({ channelId, token, applicationServerKey }) => ({
    channelId,
    token,
    applicationServerKey,
  }));
  return { uaid: userAgent.uaid, channels };
}
