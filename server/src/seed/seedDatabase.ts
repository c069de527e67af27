import { createApiKey } from '../actions/apiKey/createApiKey';
import { currentVapidKey } from '../actions/vapidKey/currentVapidKey';
import type { Database } from '../database/openDatabase';
import { Refusal } from '../model/refusal';
import type { SealedBox } from '../secrets/sealedBox';
import { planNotifications } from './notificationPlan';
import { RandomSource } from './randomSource';
import { seedNotification, seedUnfinished } from './seedNotifications';
import { seedHost, seedSubscriptions } from './seedSubscriptions';

/*
 * Room: seed. In: a database with its installation. Out: the same with users, browsers and two weeks of notifications
 * that could be real, for development and screenshots; nothing in it can be sent to. May fail when it was done before.
 * Called by the `seed` command and by tests.
 */

const keyNames = ['shop back end', 'newsroom', 'marketing'];
const batch = 25;

/** @throws Refusal BAD_USER_INPUT when the database was seeded before */
export async function seedDatabase(parts: {
  database: Database;
  applicationId: number;
  authBox: SealedBox;
  now?: number;
}): Promise<{ devices: number; notifications: number; deliveries: number }> {
  const { database, applicationId, authBox, now = parts.database.now() } = parts;
  await refuseTwice(database);
  const chance = new RandomSource(20_260_101);
  const { id: vapidKeyId } = await currentVapidKey(database, applicationId);
  const devices = await database.transaction((tx) =>
    seedSubscriptions(tx, { kind: database.kind, applicationId, vapidKeyId, authBox, chance, now }),
  );
  const apiKeyIds = new Map<string, number>();
  for (const name of keyNames) {
    const scopes = ['notifications:send' as const, 'notifications:read' as const];
    const { apiKey } = await createApiKey({ database }, { applicationId, name, kind: 'SECRET', scopes });
    apiKeyIds.set(name, apiKey.id);
  }
  const planned = planNotifications(devices, chance, now);
  const shared = { kind: database.kind, applicationId, apiKeyIds, chance };
  for (let start = 0; start < planned.length; start += batch) {
    await database.transaction(async (tx) => {
      for (const each of planned.slice(start, start + batch)) await seedNotification(tx, shared, each);
    });
  }
  await database.transaction((tx) => seedUnfinished(tx, shared, now));
  const deliveries = planned.reduce((sum, each) => sum + each.devices.length, 0);
  return { devices: devices.length, notifications: planned.length + 2, deliveries };
}

async function refuseTwice(database: Database): Promise<void> {
  const found = await database.sql.rows(
    `SELECT id FROM push_subscription WHERE endpoint LIKE '%.${seedHost}/%' LIMIT 1`,
  );
  if (found.length > 0) throw new Refusal('BAD_USER_INPUT', 'This database has been seeded before.');
}
