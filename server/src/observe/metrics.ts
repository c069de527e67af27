import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../model/outcome';
import { withDeadline } from '../model/withDeadline';
import { type Log, silentLog } from './log';
import { PushServiceLabels } from './pushServiceLabels';

/** What `/metrics` shows, in Prometheus' text format; `docs/operator.md` explains each. */
export interface Metrics {
  readonly registry: Registry;
  /** The values of the label `push_service`. */
  readonly pushServices: PushServiceLabels;
  onAttempt(pushService: string, outcome: Outcome, durationMs: number): void;
  /** Registers a gauge that is read when somebody looks. */
  watch(name: string, help: string, read: () => Promise<GaugeSample[]> | GaugeSample[]): void;
}

export interface GaugeSample {
  readonly labels?: Record<string, string>;
  readonly value: number;
}

/** For a gauge that asks the database or the broker. */
const readTimeoutMs = 1_000;

/** @param log told once when a gauge can be read no longer, and once when it can again */
export function createMetrics(log: Log = silentLog): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const attempts = new Counter({
    name: 'fanfare_attempts_total',
    help: 'POSTs to push services by what they came to',
    labelNames: ['push_service', 'outcome', 'reason'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'fanfare_attempt_duration_seconds',
    help: 'Time from sending a push to its answer',
    labelNames: ['push_service'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const pushServices = new PushServiceLabels();
  const seen = new Map<string, { count(): void; time(seconds: number): void }>();
  return {
    registry,
    pushServices,
    onAttempt: (pushService, { kind, reason }, durationMs) => {
      // finding a series by its labels costs more than counting in it
      const service = pushServices.of(pushService);
      const name = `${service} ${kind} ${reason}`;
      let series = seen.get(name);
      if (!series) {
        const counter = attempts.labels(service, kind, reason);
        const histogram = durations.labels(service);
        series = { count: () => counter.inc(), time: (seconds) => histogram.observe(seconds) };
        seen.set(name, series);
      }
      series.count();
      series.time(durationMs / 1000);
    },
    watch: (name, help, read) => watch(registry, log, name, help, read),
  };
}

function watch(
  registry: Registry,
  log: Log,
  name: string,
  help: string,
  read: () => Promise<GaugeSample[]> | GaugeSample[],
): void {
  let isFailing = false;
  const failed = (error: unknown): GaugeSample[] => {
    if (!isFailing) log.warn({ err: error, metric: name }, 'a metric cannot be read and is left out');
    isFailing = true;
    return [];
  };
  const readInTime = oneReadAtATime(async () => read());
  const readOrNone = async () => {
    const samples = await readInTime();
    if (isFailing) log.info({ metric: name }, 'the metric can be read again');
    isFailing = false;
    return samples;
  };
  const labelNames = ['lane', 'push_service', 'state'];
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      this.reset();
      // what cannot be read now is left out: the rest is wanted most while something is away
      const samples = await readOrNone().catch(failed);
      for (const { labels, value } of samples) this.set(labels ?? {}, value);
    },
  });
}

/**
 * Gives each caller the samples, or rejects after a second: Prometheus drops the whole answer when one gauge waits for a
 * server that does not answer. A read that is still pending is shared, so that repeated scrapes do not pile up queries.
 */
function oneReadAtATime(read: () => Promise<GaugeSample[]>): () => Promise<GaugeSample[]> {
  let pending: Promise<GaugeSample[]> | undefined;
  return () => {
    pending ??= read().finally(() => {
      pending = undefined;
    });
    return withDeadline(pending, readTimeoutMs, 'reading it');
  };
}
