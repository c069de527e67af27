import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countAudience } from '../../src/audience/countAudience';
import { type Database, openDatabase } from '../../src/database/openDatabase';
import type { Audience, TagFilter } from '../../src/model/audience';
import { listDeliveries } from '../../src/views/delivery/listDeliveries';
import { dispatchCounts } from '../../src/views/health/dispatchCounts';
import { findNotification, listNotifications } from '../../src/views/notification/listNotifications';
import { notificationOutcomes } from '../../src/views/notification/notificationOutcomes';
import { deliveryHistory } from '../../src/views/person/deliveryHistory';
import { listDevices } from '../../src/views/person/findPerson';
import { listPushSubscriptions } from '../../src/views/pushSubscription/pushSubscriptionRows';
import { deliveryOutcomes, deliveryPoints } from '../../src/views/statistics/deliveryStatistics';
import { subscriptionStatistics } from '../../src/views/statistics/subscriptionStatistics';
import { listVapidKeys } from '../../src/views/vapidKey/listVapidKeys';
import type { BenchPlace } from '../benchPlace';
import type { Engine } from '../installation';
import { fillLargeDatabase, type LargeDatabase } from '../largeDatabase';
import { databaseName, folderStart } from '../leftovers';
import { databaseServerName, mysqlServer, onMysql } from '../servers';
import { figure, median, printTable } from '../table';

export interface StatisticsOptions {
  readonly engines: readonly Engine[];
  readonly subscriptions: number;
}

interface Answer {
  readonly question: string;
  readonly medianMs: number;
  readonly longestMs: number;
}

const rounds = 5;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const page = { first: 25 };

/** What the console asks of an application with very many subscribers, asked of the database as the API does. */
export async function measureStatistics(place: BenchPlace, options: StatisticsOptions): Promise<unknown> {
  const answers: Partial<Record<Engine, Answer[]>> = {};
  for (const engine of options.engines) {
    const database = await openEmpty(place, engine);
    try {
      await database.migrate();
      const large = await fillLargeDatabase(database, options.subscriptions);
      answers[engine] = await askAll(await questionsTo(database, large));
    } finally {
      await database.close();
    }
  }
  const database = {
    embedded: 'SQLite',
    separate: options.engines.includes('separate') ? await databaseServerName() : '',
  };
  print(options, answers, database);
  return { options, answers };
}

async function openEmpty({ undo }: BenchPlace, engine: Engine): Promise<Database> {
  if (engine === 'embedded') {
    const folder = mkdtempSync(join(tmpdir(), folderStart));
    await undo.add(async () => rmSync(folder, { recursive: true, force: true }));
    return openDatabase({ kind: 'sqlite', file: join(folder, 'fanfare.db') });
  }
  const name = databaseName(randomBytes(4).toString('hex'));
  await onMysql(`CREATE DATABASE ${name}`);
  await undo.add(() => onMysql(`DROP DATABASE ${name}`));
  return openDatabase({ kind: 'mysql', url: `${mysqlServer}/${name}` });
}

type Questions = Record<string, () => Promise<unknown>>;

async function questionsTo(
  database: Database,
  { applicationId, broadcastId }: LargeDatabase,
): Promise<Questions> {
  const view = { applicationId };
  const broadcast = await findNotification(database, view, broadcastId);
  if (!broadcast) throw new Error('There is no broadcast.');
  const size = (audience: Audience) => () =>
    countAudience(database.sql, applicationId, audience, database.now());
  const tagged = (tags: TagFilter) => size({ tags });
  const deliveries = (points: number, bucketMs: number) => async () => {
    const until = Date.now() + 1;
    const period = { since: until - (points - 1) * bucketMs, until, bucketMs };
    await Promise.all([deliveryPoints(database, view, period), deliveryOutcomes(database, view, period)]);
  };
  return {
    'push subscriptions, 14 days': () => subscriptionStatistics(database, applicationId, 14),
    'push subscriptions, 366 days': () => subscriptionStatistics(database, applicationId, 366),
    'deliveries, 24 hours': deliveries(24, hourMs),
    'deliveries, 14 days': deliveries(14, dayMs),
    'deliveries, 366 days': deliveries(366, dayMs),
    'work that waits': () => dispatchCounts(database, Date.now()),
    'a page of notifications': () => listNotifications(database, view, page),
    'a broadcast and its outcomes': async () => {
      await findNotification(database, view, broadcastId);
      await notificationOutcomes(database, broadcast);
    },
    'a page of its deliveries': () => listDeliveries(database, broadcast, page, {}),
    'its deliveries with a frequent failure': () =>
      listDeliveries(database, broadcast, page, { status: 'EXHAUSTED', pushService: 'fcm' }),
    'its deliveries with the rarest one': () =>
      listDeliveries(database, broadcast, page, { status: 'REJECTED' }),
    'a page of those with a rare tag': () =>
      listPushSubscriptions(database, applicationId, page, { tag: 'staff' }),
    'a person and what was sent to them': async () => {
      const devices = await listDevices(database, applicationId, 'user-77');
      await deliveryHistory(database, devices, page);
    },
    'VAPID keys and who uses them': () => listVapidKeys(database, applicationId),
    'size of everyone': size({ everyone: true }),
    'size of 1,000 users': size({
      userIds: Array.from({ length: 1_000 }, (_, index) => `user-${index + 1}`),
    }),
    'size of a tag that 1 in 2,000 has': tagged({ anyOf: ['staff'] }),
    'size of a tag that 60 % have': tagged({ anyOf: ['news'] }),
    'size of all without it': tagged({ noneOf: ['news'] }),
    'size of two such tags': tagged({ allOf: ['news', 'orders'] }),
    'size of four tags': tagged({ anyOf: ['offers', 'sport'], allOf: ['news'], noneOf: ['beta'] }),
    'size of those whom the broadcast failed': size({ failedOf: broadcastId }),
  };
}

/** Each once before it counts. */
async function askAll(questions: Questions): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [question, ask] of Object.entries(questions)) {
    await ask();
    const took: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const begun = performance.now();
      await ask();
      took.push(performance.now() - begun);
    }
    answers.push({ question, medianMs: median(took), longestMs: Math.max(...took) });
  }
  return answers;
}

function print(
  { engines, subscriptions }: StatisticsOptions,
  answers: Partial<Record<Engine, Answer[]>>,
  database: Record<Engine, string>,
): void {
  const names = answers[engines[0] ?? 'embedded']?.map(({ question }) => question) ?? [];
  const cells = (engine: Engine, index: number) => {
    const answer = answers[engine]?.[index];
    return [answer?.medianMs ?? Number.NaN, answer?.longestMs ?? Number.NaN].map(figure);
  };
  printTable(
    `Questions about ${figure(subscriptions)} push subscriptions, ms (${rounds} times each)`,
    ['', ...engines.flatMap((engine) => [database[engine], 'longest'])],
    names.map((name, index) => [name, ...engines.flatMap((engine) => cells(engine, index))]),
  );
}
