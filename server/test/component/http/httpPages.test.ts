import type { Database } from '../../../src/database/openDatabase';
import { securityHeaders } from '../../../src/http/securityHeaders';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { PlaygroundPasses } from '../../../src/secrets/playgroundPasses';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { rawStatus } from '../../support/api/rawStatus';
import type { SeededApplication } from '../../support/api/seedApplication';
import { startSqliteApi } from '../../support/api/sqliteApi';

describe('the pages', () => {
  let database: Database;
  let api: ApiServer;
  let application: SeededApplication;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ database, api, application, close } = await startSqliteApi());
  });

  afterAll(() => close());

  const get = (path: string, init?: RequestInit) =>
    fetch(api.http.url + path, { redirect: 'manual', ...init });

  test('pages are strict about what they load', async () => {
    const response = await get('/demo/');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const playground = await get('/playground/');
    expect(await playground.text()).toContain('playground');
    expect(playground.headers.get('content-security-policy')).toContain("script-src 'self';");
  });

  test('pages connect to their own server only, and no page but the console loads pictures from elsewhere', async () => {
    const policyOf = async (path: string) => (await get(path)).headers.get('content-security-policy') ?? '';
    for (const path of ['/demo/', '/playground/', '/healthz', '/nothing']) {
      const policy = await policyOf(path);
      expect(policy).toContain("connect-src 'self' ws://localhost:4000;");
      expect(policy).toContain("img-src 'self' data:;");
    }
    const consolePolicy = await policyOf('/console/');
    expect(consolePolicy).toContain("connect-src 'self' ws://localhost:4000;");
    expect(consolePolicy).toContain("img-src 'self' data: https:;");
    // a service worker sends receipts to the address in the payload
    expect(await policyOf('/sdk/fanfare-sw.js')).toContain('connect-src *;');
    expect(securityHeaders('https://push.example.org')['content-security-policy']).toContain(
      "connect-src 'self' wss://push.example.org;",
    );
  });

  test('in production the playground opens to admins only', async () => {
    const production = await startApiServer(database, { rules: { hidesSchema: true } });
    const reader = await application.secretKey('notifications:read');
    const pathFor = async (key: string) =>
      (
        await production.call<{ viewer: { playgroundPath: string | null } }>(
          key,
          '{ viewer { playgroundPath } }',
        )
      ).data?.viewer.playgroundPath;
    const ask = (path: string) => fetch(`${production.http.url}${path}`, { redirect: 'manual' });
    const path = (await pathFor(application.admin)) ?? '';
    expect(path).toMatch(/^\/playground\/with\/[\w.-]+\/$/);
    const page = await ask(path);
    expect(await page.text()).toContain('playground');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(page.headers.get('cache-control')).toBe('private, no-cache');
    expect([await pathFor(reader), await pathFor(application.publishable)]).toEqual([null, null]);

    const other = await new PlaygroundPasses(
      new MasterSecret('another secret, thirty-two characters'),
    ).issue();
    const forged = path.replace(/[\w-]{5}\/$/, 'AAAAA/');
    const shut = [
      '/playground',
      '/playground/',
      '/playground/index.html',
      '/playground/with/',
      `/playground/with/${other}/`,
      forged,
    ];
    for (const each of shut) {
      const response = await ask(each);
      const location = new URL(response.headers.get('location') ?? '', `http://host/push${each}`);
      expect([each, response.status, location.pathname]).toEqual([each, 302, '/push/console/playground']);
    }
    await production.stop();

    expect(
      (await api.call<{ viewer: object }>(reader, '{ viewer { playgroundPath } }')).data?.viewer,
    ).toEqual({
      playgroundPath: '/playground/',
    });
  });

  test('the SDK may be imported by other origins and control this one', async () => {
    const response = await get('/sdk/fanfare-sw.js');
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'service-worker-allowed': '/',
      'cache-control': 'no-cache',
      'content-type': expect.stringContaining('javascript'),
    });
  });

  test('the service worker may send receipts to any origin, and a page may not', async () => {
    const policyOf = async (path: string) =>
      (await get(path)).headers.get('content-security-policy')?.split(';') ?? [];
    expect(await policyOf('/sdk/fanfare-sw.js')).toContain('connect-src *');
    expect(await policyOf('/sdk/fanfare-sw.js')).toContain("script-src 'self'");
    expect(await policyOf('/demo/')).toContain("connect-src 'self' ws://localhost:4000");
  });

  test("the demo's keys are given to this machine only", async () => {
    const response = await get('/demo/config.json');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(await response.json()).toEqual({ url: '../graphql', key: 'fp_demo', sendKey: 'fs_demo' });
    expect(await rawStatus(api.http.port, '/demo/config.json', 'rebound.example')).toBe(403);
    expect((await get('/')).headers.get('location')).toBe('./demo/');
  });

  test.each([
    ...['X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'Forwarded', 'Via', 'X-Real-IP'],
    ...['CF-Connecting-IP'],
  ])('a proxy that says so by %s gets no keys of the demo', async (name) => {
    const { status } = await fetch(`${api.http.url}/demo/config.json`, { headers: { [name]: '127.0.0.1' } });
    expect(status).toBe(403);
  });

  test('a proxy that says nothing and speaks HTTP/1.0 gets no keys of the demo either', async () => {
    expect(await rawStatus(api.http.port, '/demo/config.json', 'localhost', { version: '1.0' })).toBe(403);
    expect(await rawStatus(api.http.port, '/demo/config.json', 'localhost')).toBe(200);
  });

  test('without keys there is no demo', async () => {
    const plain = await startApiServer(database);
    expect((await fetch(`${plain.http.url}/demo/config.json`)).status).toBe(404);
    expect((await fetch(`${plain.http.url}/demo/`)).status).toBe(404);
    await plain.stop();
  });
});
