import type { BenchPlace } from '../benchPlace';
import { type Broadcast, broadcast } from '../broadcast';
import { type Engine, type Installation, openInstallation } from '../installation';
import { type Probe, sendProbes } from '../probe';
import { figure, printTable, quantile } from '../table';

export interface LatencyOptions {
  readonly engine: Engine;
  /** Size of the broadcast that runs beside the single messages. */
  readonly broadcast: number;
  /** Messages sent while nothing else is to be done. */
  readonly idleMessages: number;
  readonly perSecond: number;
  /** How often both are measured, in turns. */
  readonly rounds: number;
}

/** As many users as there are; each has one browser, which the broadcasts reach too. */
const users = 2_000;
const warmUpMessages = 200;

/** From `sendNotification` to the POST for one user: while nothing else is to be done, and during a broadcast. */
export async function measureLatency(place: BenchPlace, options: LatencyOptions): Promise<unknown> {
  const installation = await openInstallation(place, { engine: options.engine });
  const idle: Probe[] = [];
  const busy: Probe[] = [];
  const broadcasts: Broadcast[] = [];
  try {
    await installation.seed({ from: 0, count: options.broadcast - users });
    await installation.seed({ from: options.broadcast - users, count: users, userIds: true });
    await probeIdle(place, installation, { ...options, idleMessages: warmUpMessages });
    for (let round = 0; round < options.rounds; round += 1) {
      idle.push(...(await probeIdle(place, installation, options)));
      const during = await probeBusy(place, installation, options);
      busy.push(...during.probes);
      broadcasts.push(during.broadcast);
    }
  } finally {
    await installation.remove();
  }
  print(options, idle, busy);
  return { options, idle: summary(idle), busy: summary(busy), broadcasts };
}

function usersOf({ broadcast: all, perSecond }: LatencyOptions) {
  return { perSecond, users: { from: all - users, count: users } };
}

async function probeIdle(
  { sink }: BenchPlace,
  installation: Installation,
  options: LatencyOptions,
): Promise<Probe[]> {
  await sink.begin({ browsers: 0 });
  return sendProbes(installation, sink, {
    ...usersOf(options),
    isOver: (sent) => sent >= options.idleMessages,
  });
}

async function probeBusy(
  { sink }: BenchPlace,
  installation: Installation,
  options: LatencyOptions,
): Promise<{ probes: Probe[]; broadcast: Broadcast }> {
  let isOver = false;
  let answered = () => {};
  const isAnswered = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const running = broadcast(installation, sink, options.broadcast, { onAnswered: answered }).finally(() => {
    isOver = true;
  });
  // a broadcast that fails before its answer ends the wait too
  await Promise.race([isAnswered, running]);
  const probes = await sendProbes(installation, sink, { ...usersOf(options), isOver: () => isOver });
  return { probes, broadcast: await running };
}

function summary(probes: readonly Probe[]) {
  const answered = probes.map((each) => each.answeredMs);
  const posted = probes.map((each) => each.postedMs);
  return {
    messages: probes.length,
    ...{ answeredP50: quantile(answered, 0.5), answeredP99: quantile(answered, 0.99) },
    ...{
      postedP50: quantile(posted, 0.5),
      postedP90: quantile(posted, 0.9),
      postedP99: quantile(posted, 0.99),
    },
    postedMax: Math.max(...posted),
  };
}

function print(options: LatencyOptions, idle: readonly Probe[], busy: readonly Probe[]): void {
  const row = (what: string, probes: readonly Probe[]) => {
    const { messages, ...times } = summary(probes);
    return [what, figure(messages), ...Object.values(times).map(figure)];
  };
  printTable(
    `One message to one user, ${options.engine}, ${options.perSecond} a second: milliseconds from the call`,
    [...['', 'messages', 'answer p50', 'answer p99', 'POST p50', 'POST p90', 'POST p99', 'POST longest']],
    [row('nothing else', idle), row(`broadcast to ${figure(options.broadcast)}`, busy)],
  );
  const ratio = summary(busy).postedP99 / summary(idle).postedP99;
  process.stdout.write(`POST p99 during the broadcast: ${figure(ratio)} times that without.\n`);
}
