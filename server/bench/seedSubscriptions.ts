import { createHash } from 'node:crypto';
import { countCreated } from '../src/database/counts/countSubscriptions';
import { type Database, type DatabaseTarget, openDatabase } from '../src/database/openDatabase';
import { MasterSecret } from '../src/secrets/masterSecret';
import { SealedBox } from '../src/secrets/sealedBox';
import { simulatedBrowser } from './simulatedBrowser';

export interface SeedOptions {
  readonly databaseUrl: string;
  /** FANFARE_SECRET of the installation, which seals the `auth` secrets. */
  readonly secret: string;
  /** Scheme, host and port of the push service. */
  readonly origin: string;
  readonly from: number;
  readonly count: number;
  /** Gives browser n the user id `user-n`. */
  readonly userIds?: boolean;
  /** The oldest application unless it is given. */
  readonly applicationId?: number;
  /** The endpoint of browser n, in place of the usual path at `origin`. */
  readonly endpointOf?: (index: number) => string;
  /** The name that the rows carry; the host of `origin` unless it is given. */
  readonly pushService?: string;
  /** Whether no message was ever accepted for them; rows from before an upgrade count as accepted. */
  readonly neverAccepted?: boolean;
}

export interface SeededSubscriptions {
  readonly count: number;
  readonly tookMs: number;
}

const rowsPerStatement = 1_000;

/**
 * Writes subscriptions of simulated browsers straight into the database, as `subscribe` would have left them: each
 * with keys of its own. Some 15,000 a second.
 */
export async function seedSubscriptions(options: SeedOptions): Promise<SeededSubscriptions> {
  const startedAt = Date.now();
  const database = await openDatabase(targetOf(options.databaseUrl));
  try {
    const [oldest] = await database.sql.rows<{ id: number }>(
      'SELECT id FROM application ORDER BY id LIMIT 1',
    );
    const applicationId = options.applicationId ?? oldest?.id;
    const [key] = await database.sql.rows<{ id: number }>(
      `SELECT id FROM vapid_key WHERE applicationId = ${Number(applicationId)} ORDER BY id DESC LIMIT 1`,
    );
    if (applicationId === undefined || !key) throw new Error('The installation has not been set up.');
    await insertAll(database, options, applicationId, key.id);
  } finally {
    await database.close();
  }
  return { count: options.count, tookMs: Date.now() - startedAt };
}

/** FANFARE_DATABASE_URL as `openDatabase` wants it. */
export function targetOf(databaseUrl: string): DatabaseTarget {
  return databaseUrl.startsWith('sqlite:')
    ? { kind: 'sqlite', file: databaseUrl.slice('sqlite:'.length) }
    : { kind: 'mysql', url: databaseUrl };
}

async function insertAll(
  database: Database,
  options: SeedOptions,
  applicationId: number,
  vapidKeyId: number,
): Promise<void> {
  const box = new SealedBox(new MasterSecret(options.secret), 'auth');
  const end = options.from + options.count;
  for (let from = options.from; from < end; from += rowsPerStatement) {
    const rows = Array.from({ length: Math.min(rowsPerStatement, end - from) }, (_, offset) =>
      row({ ...options, applicationId, vapidKeyId, box }, from + offset),
    );
    const pushService = pushServiceOf(options);
    const change = { applicationId, pushService, at: Date.now(), spread: from };
    await database.sqlTransaction(async (sql) =>
      sql.defer(
        {
          text: `INSERT INTO push_subscription (applicationId, endpointHash, endpoint, p256dh, sealedAuth, vapidKeyId,
           pushService, userId, createdAt, lastSeenAt, version, neverAcceptedSince) VALUES ${rows.join(',')}`,
        },
        countCreated(database.kind, change, rows.length),
      ),
    );
  }
}

function pushServiceOf({ pushService, origin }: SeedOptions): string {
  return pushService ?? new URL(origin).host;
}

interface RowDeps extends SeedOptions {
  readonly applicationId: number;
  readonly vapidKeyId: number;
  readonly box: SealedBox;
}

/** Values of our own, so they may stand in the statement: binding that many would take longer than all else. */
function row(parts: RowDeps, index: number): string {
  const browser = simulatedBrowser(index);
  const endpoint = parts.endpointOf?.(index) ?? parts.origin + browser.path;
  const hash = createHash('sha256').update(endpoint, 'utf8').digest();
  const now = Date.now();
  return `(${[
    parts.applicationId,
    bytes(hash),
    `'${endpoint}'`,
    bytes(browser.publicKey),
    bytes(parts.box.seal(browser.authSecret)),
    parts.vapidKeyId,
    `'${pushServiceOf(parts)}'`,
    parts.userIds ? `'user-${index}'` : 'NULL',
    ...[now, now, 1, parts.neverAccepted ? now : 'NULL'],
  ].join(',')})`;
}

function bytes(value: Buffer): string {
  return `X'${value.toString('hex')}'`;
}
