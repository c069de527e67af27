import { createECDH, createHash, randomBytes } from 'node:crypto';
import { countCreated, countRetired } from '../database/counts/countSubscriptions';
import type { Database, Transaction } from '../database/openDatabase';
import type { Statement } from '../database/sql';
import { dayMs, hourMs } from '../model/timeSpans';
import type { SealedBox } from '../secrets/sealedBox';
import { insertRows } from './insertRows';
import type { RandomSource } from './randomSource';

const users = 900;

const services = [
  ['fcm', 60],
  ['apple', 17],
  ['mozilla', 14],
  ['wns', 9],
] as const;

const places: readonly (readonly [{ locale: string; timeZone: string }, number])[] = [
  [{ locale: 'en-GB', timeZone: 'Europe/London' }, 30],
  [{ locale: 'de', timeZone: 'Europe/Berlin' }, 25],
  [{ locale: 'fr', timeZone: 'Europe/Paris' }, 15],
  [{ locale: 'es', timeZone: 'Europe/Madrid' }, 12],
  [{ locale: 'en-US', timeZone: 'America/New_York' }, 18],
];

const tagShares = { orders: 0.7, offers: 0.45, news: 0.6, sport: 0.2, beta: 0.05 };

const endings = [
  ['gone', 6],
  ['unsubscribed', 3],
  ['replaced', 2],
] as const;

/** A push subscription that exists, as far as sending is concerned. */
export interface SeededDevice {
  readonly id: number;
  readonly userId: string;
  readonly pushService: string;
  readonly tags: readonly string[];
  readonly createdAt: number;
  readonly retiredAt: number | null;
}

/** The host never resolves (RFC 2606), so that nothing is ever sent to a seeded browser. */
export const seedHost = 'seed.invalid';

/** Users with one to three browsers each, come over three months; some have gone again. */
export async function seedSubscriptions(
  tx: Transaction,
  parts: {
    kind: Database['kind'];
    applicationId: number;
    vapidKeyId: number;
    authBox: SealedBox;
    chance: RandomSource;
    now: number;
  },
): Promise<SeededDevice[]> {
  const [row] = await tx.sql.rows<{ last: number | null }>('SELECT MAX(id) AS last FROM push_subscription');
  let id = Number(row?.last ?? 0);
  const devices: SeededDevice[] = [];
  for (let user = 1; user <= users; user += 1) {
    const count = parts.chance.weighted([
      [1, 60],
      [2, 30],
      [3, 10],
    ]);
    for (let each = 0; each < count; each += 1) {
      id += 1;
      devices.push(device(id, `user-${1000 + user}`, parts));
    }
  }
  await store(tx, devices, parts);
  await tx.sql.batch(devices.flatMap((each) => countsOf(each, parts)));
  return devices;
}

function countsOf(
  { id, pushService, createdAt, retiredAt }: SeededDevice,
  { kind, applicationId }: { kind: Database['kind']; applicationId: number },
): Statement[] {
  const change = { applicationId, pushService, spread: id };
  const created = countCreated(kind, { ...change, at: createdAt });
  if (retiredAt === null) return [created];
  return [created, countRetired(kind, { ...change, at: retiredAt }, 1)];
}

function device(
  id: number,
  userId: string,
  { chance, now }: { chance: RandomSource; now: number },
): SeededDevice {
  // more came lately than long ago
  const age = Math.floor(90 * dayMs * chance.share() ** 1.4) + hourMs;
  const ended = chance.happens(0.11) && age > 3 * dayMs;
  return {
    id,
    userId,
    pushService: chance.weighted(services),
    tags: Object.entries(tagShares).flatMap(([tag, share]) => (chance.happens(share) ? [tag] : [])),
    createdAt: now - age,
    retiredAt: ended ? now - Math.floor(chance.share() * Math.min(age - dayMs, 20 * dayMs)) : null,
  };
}

async function store(
  tx: Transaction,
  devices: readonly SeededDevice[],
  parts: Parameters<typeof seedSubscriptions>[1],
): Promise<void> {
  const { applicationId, vapidKeyId, authBox, chance, now } = parts;
  const rows = devices.map((each) => {
    const endpoint = `https://${each.pushService}.${seedHost}/${each.id}`;
    const { locale, timeZone } = chance.weighted(places);
    const lastSeenAt = each.retiredAt ?? now - Math.floor(chance.share() ** 2 * 12 * dayMs);
    return [
      ...[each.id, applicationId, createHash('sha256').update(endpoint).digest(), endpoint],
      ...[createECDH('prime256v1').generateKeys(), authBox.seal(randomBytes(16)), vapidKeyId],
      ...[each.pushService, each.userId, locale, timeZone, each.createdAt],
      ...[Math.max(lastSeenAt, each.createdAt), 1, each.createdAt, each.retiredAt],
      ...[each.retiredAt === null ? null : chance.weighted(endings), each.createdAt],
    ];
  });
  const columns = [
    ...['id', 'applicationId', 'endpointHash', 'endpoint', 'p256dh', 'sealedAuth', 'vapidKeyId'],
    ...['pushService', 'userId', 'locale', 'timeZone', 'createdAt', 'lastSeenAt', 'version', 'verifiedAt'],
    ...['retiredAt', 'retiredReason', 'userSince'],
  ];
  await insertRows(tx.sql, 'push_subscription', columns, rows);
  await insertRows(
    tx.sql,
    'subscription_tag',
    ['subscriptionId', 'tag', 'applicationId'],
    devices.flatMap(({ id, tags }) => tags.map((tag) => [id, tag, applicationId])),
  );
}
