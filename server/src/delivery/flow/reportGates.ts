import type { Database } from '../../database/openDatabase';
import type { SqlValue } from '../../database/sql';
import { withDeadline } from '../../model/withDeadline';
import type { Log } from '../../observe/log';
import { PushServiceLabels } from '../../observe/pushServiceLabels';
import { serviceStates, throttledStates } from './gateStates';
import type { PushServiceGates } from './pushServiceGates';

const everyMs = 2_000;
/** What has not changed is said again, so that a silent worker can be told from an idle one. */
const heartbeatMs = 10_000;
/** Workers that were killed leave their last words behind. */
const forgottenAfterMs = 24 * 3_600_000;
const rateTicks = 5;
/** What a worker that ends may spend on it: where its words stay behind, they are seen to be old. */
const farewellMs = 3_000;

export interface GateReporter {
  /** Notes a POST, for the rate. */
  onAttempt(pushService: string): void;
  /** Takes this worker's words back, unless the database is slow to listen. */
  stop(): Promise<void>;
}

/** Tells the database how this worker's gates stand, for the API to read; a database that is away is told later. */
export function reportGates(parts: {
  database: Database;
  gates: PushServiceGates;
  labels?: PushServiceLabels;
  worker: string;
  log: Log;
}): GateReporter {
  const { database, worker, log, labels = new PushServiceLabels() } = parts;
  const rates = new Rates();
  let told: Told = new Map();
  const tell = async (perMinute: Map<string, number>) => {
    const now = database.now();
    const stands = standsOf({ gates: parts.gates, labels, perMinute, told, now });
    const news = [...stands.values()].filter(({ at }) => at === now);
    const ended = [...told].flatMap(([name, stand]) => (stands.has(name) ? [] : [stand]));
    if (news.length + ended.length === 0) return;
    await database.write((sql) =>
      sql.batch([
        ...news.map(({ key, values }) => ({ text: upsert, values: [worker, ...key, ...values, now] })),
        ...ended.map(({ key }) => ({ text: takeBack, values: [worker, ...key] })),
      ]),
    );
    told = stands;
  };
  let telling: Promise<unknown> | undefined;
  const begin = (work: Promise<unknown>) => {
    telling = work.catch(noteFailure(log)).finally(() => {
      telling = undefined;
    });
  };
  begin(clearOld(database));
  const timer = setInterval(() => {
    const perMinute = rates.tick();
    // a database that is slow to listen hears how things stand then, not how they stood at every tick
    if (!telling) begin(tell(perMinute));
  }, everyMs);
  const farewell = async () => {
    await telling;
    await database
      .write((sql) => sql.run('DELETE FROM push_service_state WHERE worker = ?', [worker]))
      .catch(noteFailure(log));
  };
  return {
    onAttempt: (pushService) => rates.add(labels.of(pushService)),
    stop: async () => {
      clearInterval(timer);
      await withDeadline(farewell(), farewellMs, 'taking back what was told').catch(noteFailure(log));
    },
  };
}

interface Stand {
  readonly key: readonly [label: string, applicationId: number];
  readonly values: readonly SqlValue[];
  /** When it was told. */
  readonly at: number;
}

/** By label and application; application 0 is the push service itself. */
type Told = Map<string, Stand>;

/** How the gates stand now; what differs from `told`, or was told too long ago, carries the time `now`. */
function standsOf(of: {
  gates: PushServiceGates;
  labels: PushServiceLabels;
  perMinute: Map<string, number>;
  told: Told;
  now: number;
}): Told {
  const { gates, labels, perMinute, told, now } = of;
  const stands: Told = new Map();
  const add = (label: string, applicationId: number, values: readonly SqlValue[]) => {
    const name = `${label} ${applicationId}`;
    const last = told.get(name);
    const isNews = last?.values.join() !== values.join() || now - last.at >= heartbeatMs;
    stands.set(name, { key: [label, applicationId], values, at: isNews ? now : last.at });
  };
  for (const [label, { state, limit, underWay, waiting, reopensAt }] of serviceStates(gates, labels)) {
    add(label, 0, [state, limit, underWay, waiting, reopensAt || null, perMinute.get(label) ?? 0]);
  }
  for (const { label, applicationId, state, waiting, reopensAt } of throttledStates(gates, labels)) {
    add(label, applicationId, [state, 0, 0, waiting, reopensAt, 0]);
  }
  return stands;
}

const upsert = `REPLACE INTO push_service_state (worker, pushService, applicationId, state, concurrencyLimit, underWay,
   waiting, reopensAt, attemptsPerMinute, updatedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const takeBack = 'DELETE FROM push_service_state WHERE worker = ? AND pushService = ? AND applicationId = ?';

function clearOld(database: Database): Promise<unknown> {
  const before = database.now() - forgottenAfterMs;
  return database.write((sql) => sql.run('DELETE FROM push_service_state WHERE updatedAt < ?', [before]));
}

function noteFailure(log: Log): (error: unknown) => void {
  return (error) => log.debug({ err: error }, 'the state of the push services could not be told');
}

/** POSTs per minute over the last ticks, by push service. */
class Rates {
  #now = new Map<string, number>();
  readonly #ticks: Map<string, number>[] = [];

  add(pushService: string): void {
    this.#now.set(pushService, (this.#now.get(pushService) ?? 0) + 1);
  }

  tick(): Map<string, number> {
    this.#ticks.push(this.#now);
    if (this.#ticks.length > rateTicks) this.#ticks.shift();
    this.#now = new Map();
    const perMinute = new Map<string, number>();
    const scale = 60_000 / (this.#ticks.length * everyMs);
    for (const tick of this.#ticks) {
      for (const [name, count] of tick)
        perMinute.set(name, (perMinute.get(name) ?? 0) + Math.round(count * scale));
    }
    return perMinute;
  }
}
