import { createHash, randomBytes } from 'node:crypto';
import { Application } from '../src/database/entities/application';
import type { Database } from '../src/database/openDatabase';
import { RandomSource } from '../src/seed/randomSource';
import { bulkWriter, writeRows } from './bulkWriter';
import { fillHistory, type LargeDeps, type Reachable, services } from './largeHistory';

/** An application as it is after half a year. */
export interface LargeDatabase {
  readonly applicationId: number;
  /** To everybody; its rarest outcome is that of three deliveries. */
  readonly broadcastId: number;
}

/** Shares of the push subscriptions that have a tag. */
const tagShares = { orders: 0.7, news: 0.6, offers: 0.45, sport: 0.2, beta: 0.05, staff: 0.0005 };

const dayMs = 86_400_000;
const ageDays = 180;
const retiredShare = 0.11;
const vapidKeyId = 1;

/**
 * Fills an empty, migrated database, straight into the tables: push subscriptions with users and tags, and what was sent
 * to them. The same rows every time, but for the time of day.
 */
export async function fillLargeDatabase(database: Database, subscriptions: number): Promise<LargeDatabase> {
  const now = Date.now();
  const { id: applicationId } = await database.transaction((tx) =>
    tx.entities.save(
      tx.entities.create(Application, { name: 'large', requireUserProof: false, createdAt: now }),
    ),
  );
  const parts = { database, applicationId, chance: new RandomSource(20_260_201), now };
  const live = await fillSubscriptions(parts, subscriptions);
  const broadcastId = await fillHistory(parts, live);
  if (database.kind === 'mysql') {
    const tables = 'push_subscription, subscription_tag, subscription_day, notification, delivery, dispatch';
    await database.sql.rows(`ANALYZE TABLE ${tables}, outcome_hour, outcome_day`);
  }
  return { applicationId, broadcastId };
}

async function fillSubscriptions(
  { database, applicationId, chance, now }: LargeDeps,
  count: number,
): Promise<Reachable[]> {
  const live: Reachable[] = [];
  const days = new Map<string, { created: number; retired: number }>();
  const grow = (at: number, pushService: string, what: 'created' | 'retired') => {
    const name = `${at - (at % dayMs)} ${pushService}`;
    const day = days.get(name) ?? { created: 0, retired: 0 };
    days.set(name, { ...day, [what]: day[what] + 1 });
  };
  const rows = bulkWriter(
    database,
    'push_subscription',
    `id, applicationId, endpointHash, endpoint, p256dh, sealedAuth, vapidKeyId, pushService, userId, locale, timeZone,
     createdAt, lastSeenAt, version, verifiedAt, retiredAt, retiredReason`,
  );
  const tags = bulkWriter(database, 'subscription_tag', 'subscriptionId, applicationId, tag');
  const keys = randomBytes(65 + 61);
  for (let id = 1; id <= count; id += 1) {
    const pushService = chance.weighted(services);
    const endpoint = `https://${pushService}.example/${createHash('sha512').update(String(id)).digest('base64url')}`;
    const age = Math.floor(ageDays * dayMs * (1 - id / (count + 1)));
    const isRetired = chance.happens(retiredShare);
    const retiredAt = isRetired ? now - Math.floor(chance.share() * Math.min(age, 90 * dayMs)) : null;
    const user = chance.happens(0.7) ? `user-${chance.between(1, Math.ceil(count / 2))}` : null;
    await rows.add([
      ...[id, applicationId, createHash('sha256').update(endpoint).digest(), endpoint],
      ...[keys.subarray(0, 65), keys.subarray(65), vapidKeyId, pushService, user, 'en-GB', 'Europe/London'],
      ...[now - age, now - Math.floor(age / 2), 1, chance.happens(0.9) ? now - age : null],
      ...[retiredAt, isRetired ? 'gone' : null],
    ]);
    for (const [tag, share] of Object.entries(tagShares)) {
      if (chance.happens(share)) await tags.add([id, applicationId, tag]);
    }
    grow(now - age, pushService, 'created');
    if (retiredAt === null) live.push({ id, pushService });
    else grow(retiredAt, pushService, 'retired');
  }
  await rows.end();
  await tags.end();
  const counts = [...days].map(([name, { created, retired }]) => {
    const [day = '', pushService = ''] = name.split(' ');
    return [applicationId, Number(day), pushService, 0, created, retired];
  });
  const columns = 'applicationId, day, pushService, slot, created, retired';
  await writeRows(database, 'subscription_day', columns, counts);
  const vapidColumns = 'id, applicationId, publicKey, sealedPrivateKey, createdAt';
  const vapidRow = [vapidKeyId, applicationId, 'x'.repeat(87), randomBytes(61), now];
  await writeRows(database, 'vapid_key', vapidColumns, [vapidRow]);
  return live;
}
