import { content } from './broadcast';
import type { Installation } from './installation';
import type { Sink } from './sinkProcess';
import { until } from './until';

/** One message to one user. */
export interface Probe {
  /** From the call to its answer. */
  readonly answeredMs: number;
  /** From the call to the POST's arrival at the push service. */
  readonly postedMs: number;
}

export interface ProbeOptions {
  /** Users `user-<from>` and on, one after the other, each with one browser. */
  readonly users: { readonly from: number; readonly count: number };
  readonly perSecond: number;
  /** Asked before each message with how many were sent. */
  readonly isOver: (sent: number) => boolean;
}

interface Call {
  readonly index: number;
  readonly startedAt: bigint;
  readonly answered: Promise<number>;
}

/**
 * Sends messages of high urgency to single users at a steady rate, whether or not earlier ones are answered, so that
 * a stall is seen by all whom it would have met.
 */
export async function sendProbes(
  installation: Installation,
  sink: Sink,
  options: ProbeOptions,
): Promise<Probe[]> {
  const calls: Call[] = [];
  const everyMs = 1_000 / options.perSecond;
  const beganAt = performance.now();
  while (!options.isOver(calls.length)) {
    calls.push(call(installation, options.users.from + (calls.length % options.users.count)));
    // not in step with the timers of what is measured
    const dueMs = (calls.length + Math.random() - 0.5) * everyMs;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, beganAt + dueMs - performance.now())));
  }
  const answers = await Promise.all(calls.map((each) => each.answered));
  const arrivals = await until('the last of the single messages', 60_000, async () => {
    const { urgent } = await sink.report();
    return urgent.length >= calls.length ? urgent : undefined;
  });
  return calls.map(({ index, startedAt }, n) => {
    // a user who was written to twice got the earlier message first
    const at = arrivals.findIndex((arrival) => arrival.index === index);
    const [arrival] = arrivals.splice(at, 1);
    return { answeredMs: answers[n] ?? 0, postedMs: Number(BigInt(arrival?.atNs ?? 0) - startedAt) / 1e6 };
  });
}

function call({ caller }: Installation, index: number): Call {
  const startedAt = process.hrtime.bigint();
  const input = { audience: { userIds: [`user-${index}`] }, content, urgency: 'HIGH' };
  const answered = caller(
    'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
    { input },
  ).then(() => Number(process.hrtime.bigint() - startedAt) / 1e6);
  // looked at when all are sent; a refusal in the meantime must not end the process
  answered.catch(() => undefined);
  return { index, startedAt, answered };
}
