import { join } from 'node:path';
import type { Certificate } from '../bench/certificate';
import type { Behaviour, Order, Report, ServiceName } from './behaviour';
import { ForkedPeer } from './forkedPeer';

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
  const env = { CHAOS_KEY_FILE: certificate.keyFile, CHAOS_CERT_FILE: certificate.certFile };
  const peer = await ForkedPeer.start(join(__dirname, 'pushServices.js'), env, priority);
  const behave = async (service: ServiceName, behaviour: Behaviour) => {
    await ask(peer, { kind: 'behave', service, behaviour });
  };
  return {
    ports: peer.greeting as Record<ServiceName, number>,
    begin: async (browsers) => {
      for (const service of ['hurt', 'healthy'] as const) await behave(service, { kind: 'well', delayMs: 0 });
      await ask(peer, { kind: 'begin', browsers });
    },
    behave,
    report: () => ask<Report>(peer, { kind: 'report' }),
    stop: () => peer.stop(),
  };
}

function ask<Answer>(peer: ForkedPeer, order: Order): Promise<Answer> {
  return peer.ask<Answer>(order);
}
