import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get as httpGet, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { pageFiles } from '../../../src/http/pages/pageFiles';
import { rawStatus } from '../../support/api/rawStatus';

describe('files of a page', () => {
  const root = mkdtempSync(join(tmpdir(), 'fanfare-pages-'));
  let server: Server;
  let url: string;

  beforeAll(async () => {
    const files = {
      'secret.txt': 'outside',
      'site/index.html': '<title>home</title>',
      'site/a.js': 'export {};',
      'site/sub/index.html': '<title>sub</title>',
      'site/with space.svg': '<svg/>',
      'site/noextension': 'x',
      'site/.hidden': 'no',
      'site/.git/config': 'no',
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(root, name, '..'), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const app = express()
      .use('/site', pageFiles(join(root, 'site'), { cacheControl: 'no-cache', hasIndex: true }))
      .use('/plain', pageFiles(join(root, 'site'), { cacheControl: 'public, max-age=0' }))
      .use('/missing', pageFiles(join(root, 'not built'), { cacheControl: 'no-cache', hasIndex: true }));
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.close();
    rmSync(root, { recursive: true });
  });

  const get = (path: string, init?: RequestInit) => fetch(url + path, { redirect: 'manual', ...init });

  /** As a browser asks: fetch would add `cache-control: no-cache`, which asks for the whole file. */
  const conditional = (path: string, etag: string) =>
    new Promise<unknown[]>((resolve, reject) => {
      httpGet(url + path, { headers: { 'if-none-match': etag } }, async (response) => {
        const text = (await response.toArray()).map(String).join('');
        resolve([response.statusCode, response.headers['cache-control'], text]);
      }).once('error', reject);
    });

  test.each([
    ['/site/', 'text/html; charset=utf-8', '<title>home</title>'],
    ['/site/index.html', 'text/html; charset=utf-8', '<title>home</title>'],
    ['/site/sub/', 'text/html; charset=utf-8', '<title>sub</title>'],
    ['/site/a.js', 'text/javascript; charset=utf-8', 'export {};'],
    ['/site/a.js?v=1', 'text/javascript; charset=utf-8', 'export {};'],
    ['/site/with%20space.svg', 'image/svg+xml', '<svg/>'],
    ['/site/noextension', 'application/octet-stream', 'x'],
  ])('%s is served as %s', async (path, type, text) => {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      ...[200, type, text],
    ]);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-length')).toBe(String(text.length));
  });

  test.each([
    '/site/.hidden',
    '/site/.git/config',
    '/site/nothing',
    '/site/a.js/',
    '/plain/',
    '/plain/sub/',
    '/missing/',
    '/missing/a.js',
  ])('%s is not found', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  test.each([
    '/site/../secret.txt',
    '/site/%2e%2e/secret.txt',
    '/site/..%2fsecret.txt',
    '/site/%E0%A4%A',
    '/site/a.js%00',
    '/site/sub/..%5c..%5csecret.txt',
    '//secret.txt',
  ])('no path leads out of the folder: %s', async (path) => {
    expect(await rawStatus(Number(new URL(url).port), path, 'localhost')).toBe(404);
  });

  test.each([
    ['/site', './site/'],
    ['/site?a=b/c', './site/?a=b/c'],
    ['/site/sub', './sub/'],
  ])('%s leads to %s', async (path, location) => {
    const response = await get(path);
    expect([response.status, response.headers.get('location')]).toEqual([301, location]);
  });

  test('a page that a browser already has is not sent again', async () => {
    const etag = (await get('/site/a.js')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    expect(await conditional('/site/a.js', etag)).toEqual([304, 'no-cache', '']);
    expect(await conditional('/site/a.js', '"other"')).toEqual([200, 'no-cache', 'export {};']);
  });

  test('HEAD has the headers only, and other methods find nothing', async () => {
    const head = await get('/site/a.js', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
    expect((await get('/site/a.js', { method: 'POST' })).status).toBe(404);
  });
});
