import { createECDH, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { Database } from '../../../src/database/openDatabase';
import { parsePushHosts } from '../../../src/egress/pushHostPolicy';
import { type HttpDeps, type RunningHttpServer, startHttpServer } from '../../../src/http/startHttpServer';
import { PublicIds } from '../../../src/model/ids/publicIds';
import type { Lane } from '../../../src/model/lane';
import { silentLog } from '../../../src/observe/log';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { PersonHashes } from '../../../src/secrets/personHashes';
import { PlaygroundPasses } from '../../../src/secrets/playgroundPasses';
import { ReceiptTokens } from '../../../src/secrets/receiptToken';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { SealedCursors } from '../../../src/secrets/sealedCursors';

/** What an operation was answered; `data` and `errors` as GraphQL over HTTP has them. */
export interface Answer<Data = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Data | null;
  readonly errors?: ReadonlyArray<{
    readonly message: string;
    readonly extensions: { readonly code: string; readonly path?: ReadonlyArray<string | number> };
  }>;
}

/** Why it was refused, if it was. */
export function codeOf({ errors }: Pick<Answer, 'errors'>): string | undefined {
  return errors?.[0]?.extensions.code;
}

/** The API over a test's database, without queue or workers: what was announced is noted down. */
export interface ApiServer {
  readonly http: RunningHttpServer;
  readonly database: Database;
  readonly ids: PublicIds;
  readonly receiptTokens: ReceiptTokens;
  readonly cursors: SealedCursors;
  readonly userProofBox: SealedBox;
  readonly personHashes: PersonHashes;
  readonly announced: { lane: Lane; notificationId: number; dispatchIds: number[] }[];
  readonly queue: { connected: boolean };
  call<Data = Record<string, unknown>>(
    key: string | undefined,
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>>;
  stop(): Promise<void>;
}

export async function startApiServer(database: Database, parts: Partial<HttpDeps> = {}): Promise<ApiServer> {
  const secret = new MasterSecret(randomBytes(32).toString('hex'));
  const clientDir = clientFolder();
  const announced: ApiServer['announced'] = [];
  const queue = { connected: true, depth: async () => 0, deadLetters: async () => 0 };
  const shared = {
    ids: new PublicIds('v2:salt of the tests'),
    receiptTokens: new ReceiptTokens(secret),
    cursors: new SealedCursors(secret),
    userProofBox: new SealedBox(secret, 'user-proof'),
    personHashes: new PersonHashes(secret),
    playgroundPasses: new PlaygroundPasses(secret),
    // the same in all servers of a test, as with one master secret
    peerNetworkKey: Buffer.alloc(32, 1),
  };
  const http = await startHttpServer({
    ...{
      host: '127.0.0.1',
      port: 0,
      publicUrl: 'http://localhost:4000',
      database,
      queue,
      clientDir,
      ...shared,
    },
    announce: (lane, notificationId, dispatchIds) => announced.push({ lane, notificationId, dispatchIds }),
    authBox: new SealedBox(secret, 'auth'),
    vapidBox: new SealedBox(secret, 'vapid'),
    pushHosts: parsePushHosts('push.example.org'),
    registry: new Registry(),
    log: silentLog,
    ...parts,
  });
  return {
    ...{ http, database, announced, queue, ...shared },
    call: (key, query, variables, headers) => call(http.url, key, query, variables, headers),
    stop: async () => {
      await http.stop({ graceMs: 1_000 });
      rmSync(clientDir, { recursive: true, force: true });
    },
  };
}

async function call<Data>(
  url: string,
  key: string | undefined,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as Pick<Answer<Data>, 'data' | 'errors'>;
  return { status: response.status, headers: response.headers, ...body };
}

/** Stands in for client/dist, so that the server's tests need no build. */
function clientFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-client-'));
  const files = {
    'sdk/fanfare.js': 'export {};',
    'sdk/fanfare-sw.js': '',
    'demo/index.html': '<title>demo</title>',
    'playground/index.html': '<title>playground</title>',
    'console/index.html': '<title>console</title><style nonce="__STYLE_NONCE__"></style>',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A push subscription as a browser would hand it over, with keys of its own. */
export function browserSubscription(host = 'push.example.org') {
  const id = randomBytes(12).toString('base64url');
  return {
    endpoint: `https://${host}/push/${id}`,
    expirationTime: null,
    keys: {
      p256dh: createECDH('prime256v1').generateKeys().toString('base64url'),
      auth: randomBytes(16).toString('base64url'),
    },
  };
}
