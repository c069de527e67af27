import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from '../bench/certificate';
import type { Behaviour, Order, Report, ServiceName } from './behaviour';

/** The two push services of a run, outside its own process. */
export interface PushServices {
  readonly ports: Readonly<Record<ServiceName, number>>;
  /** Forgets what was counted, and makes both well. */
  begin(browsers: number): Promise<void>;
  behave(service: ServiceName, behaviour: Behaviour): Promise<void>;
  report(): Promise<Report>;
  stop(): Promise<void>;
}

/** Less than the healthy one and all of Fanfare get: in the world it is a machine of somebody else's. */
const hurtPriority = 10;

/** Each in a process of its own, so that the ill one slows down the other neither by its event loop nor by much else. */
export async function startPushServices(certificate: Certificate): Promise<PushServices> {
  const pairs = {
    hurt: await startPair(certificate, hurtPriority),
    healthy: await startPair(certificate, 0),
  };
  const both = [pairs.hurt, pairs.healthy];
  return {
    ports: { hurt: pairs.hurt.ports.hurt, healthy: pairs.healthy.ports.healthy },
    begin: async (browsers) => {
      for (const pair of both) await pair.begin(browsers);
    },
    behave: (service, behaviour) => pairs[service].behave(service, behaviour),
    report: async () => {
      const [{ hurt, urgent }, healthy] = await Promise.all([pairs.hurt.report(), pairs.healthy.report()]);
      return { hurt, healthy: healthy.healthy, urgent: [...urgent, ...healthy.urgent] };
    },
    stop: async () => {
      for (const pair of both) await pair.stop();
    },
  };
}

async function startPair(certificate: Certificate, priority: number): Promise<PushServices> {
  const child = fork(join(__dirname, 'pushServices.js'), {
    env: { ...process.env, CHAOS_KEY_FILE: certificate.keyFile, CHAOS_CERT_FILE: certificate.certFile },
  });
  if (child.pid !== undefined) setPriority(child.pid, priority);
  const exited = once(child, 'exit');
  const [ports] = (await once(child, 'message')) as [Record<ServiceName, number>];
  let last: Promise<unknown> = Promise.resolve();
  // one question at a time: answers carry no number
  const ask = <Answer>(order: Order): Promise<Answer> => {
    const answer = last.then(() => exchange<Answer>(child, order));
    last = answer.catch(() => undefined);
    return answer;
  };
  const behave = async (service: ServiceName, behaviour: Behaviour) => {
    await ask({ kind: 'behave', service, behaviour });
  };
  return {
    ports,
    begin: async (browsers) => {
      for (const service of ['hurt', 'healthy'] as const) await behave(service, { kind: 'well', delayMs: 0 });
      await ask({ kind: 'begin', browsers });
    },
    behave,
    report: () => ask<Report>({ kind: 'report' }),
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

async function exchange<Answer>(child: ChildProcess, order: Order): Promise<Answer> {
  const ending = new AbortController();
  const { signal } = ending;
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('The push services of the run have ended.');
  });
  ended.catch(() => undefined);
  try {
    const answered = once(child, 'message', { signal });
    child.send(order);
    const [answer] = await Promise.race([answered, ended]);
    return answer as Answer;
  } finally {
    ending.abort();
  }
}
