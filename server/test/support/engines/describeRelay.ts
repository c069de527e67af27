import { type Database, openDatabase } from '../../../src/database/openDatabase';
import type { Lane } from '../../../src/model/lane';
import { silentLog } from '../../../src/observe/log';
import type { DispatchMessage, DispatchQueue } from '../../../src/queue/dispatchQueue';
import { type Relay, startRelay } from '../../../src/relay/relay';
import { until } from '../until';
import { describeEachKind } from './engines';
import { type FreshDatabase, freshDatabase } from './freshDatabase';

type DispatchTimes = Partial<Record<'dueAt' | 'publishedAt' | 'leaseUntil' | 'deadAt', number>>;

/** A broker that can forget, refuse and lie about what it holds. */
class ScriptedQueue implements DispatchQueue {
  connected = true;
  blocked = false;
  refuses = false;
  held: DispatchMessage[] = [];
  published: number[] = [];
  dead = 0;

  async publish(_lane: Lane, messages: readonly DispatchMessage[]): Promise<DispatchMessage[]> {
    if (this.refuses) return [];
    this.held.push(...messages);
    this.published.push(...messages.map((message) => message.dispatchId));
    return [...messages];
  }

  consume(): never {
    throw new Error('nobody consumes here');
  }

  async depth(lane: Lane): Promise<number> {
    return lane === 'bulk' ? this.held.length : 0;
  }

  async deadLetters(): Promise<number> {
    return this.dead;
  }

  onChange(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    this.held = [];
  }
}

/** What a test of the relay works with: a database and a broker of its own, and a clock that only the test moves. */
export interface RelayTest {
  database: Database;
  queue: ScriptedQueue;
  now: number;
  /** Starts a relay, which is stopped after the test. */
  start(soleProcess?: boolean, given?: Partial<Parameters<typeof startRelay>[0]>): Promise<Relay>;
  /** @returns the id of a dispatch that is due, unless its times say something else */
  insert(times?: DispatchTimes, lane?: Lane): Promise<number>;
  /** Proves that the relay is at work, and not just slow, before saying that something did not happen. */
  afterAnotherRound(): Promise<void>;
}

/** The same tests on each kind of database. */
export function describeRelay(name: string, body: (own: RelayTest) => void): void {
  describeEachKind(name, (kind) => {
    let fresh: FreshDatabase;
    let relays: Relay[];

    const own = {
      start: async (soleProcess = false, given = {}) => {
        const relay = await startRelay({
          ...{ database: own.database, queue: own.queue, log: silentLog, soleProcess, poll: true },
          now: () => own.now,
          monotonicNow: () => own.now,
          ...given,
        });
        relays.push(relay);
        return relay;
      },
      insert: (times = {}, lane = 'bulk') => insertDispatch(own, times, lane),
      afterAnotherRound: async () => {
        const proof = await own.insert();
        await until(() => own.queue.published.includes(proof), 'a dispatch that is due to be published');
      },
    } as RelayTest;

    beforeEach(async () => {
      fresh = await freshDatabase(kind);
      own.database = await openDatabase(fresh.target);
      await own.database.migrate();
      own.queue = new ScriptedQueue();
      own.now = Date.now();
      relays = [];
    });

    afterEach(async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
      await own.database.close();
      await fresh.drop();
    });

    body(own);
  });
}

async function insertDispatch(
  { database, now }: RelayTest,
  times: DispatchTimes,
  lane: Lane,
): Promise<number> {
  const { dueAt = now - 1, publishedAt = null, leaseUntil = null, deadAt = null } = times;
  const { insertId } = await database.write((sql) =>
    sql.run(
      `INSERT INTO dispatch (notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt,
         publishedAt, leaseUntil, deadAt) VALUES (1, ?, 'fcm', 1, 1, ?, ?, ?, ?)`,
      [lane, dueAt, publishedAt, leaseUntil, deadAt],
    ),
  );
  return insertId;
}
