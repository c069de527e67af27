import { readFileSync } from 'node:fs';
import type { Order, Report } from './behaviour';
import { FaultyPushService } from './faultyPushService';

/*
 * The process of the two push services of a chaos run. In: POSTs, and orders of the parent process. Out: answers as
 * ordered, and reports of what came. Started by `startPushServices`.
 */

const { CHAOS_KEY_FILE = '', CHAOS_CERT_FILE = '' } = process.env;
const credentials = { key: readFileSync(CHAOS_KEY_FILE), cert: readFileSync(CHAOS_CERT_FILE) };
const services = {
  hurt: new FaultyPushService(credentials),
  healthy: new FaultyPushService(credentials),
};

function report(): Report {
  const urgent = [...services.hurt.urgent, ...services.healthy.urgent];
  return { hurt: services.hurt.report(), healthy: services.healthy.report(), urgent };
}

async function obey(order: Order): Promise<unknown> {
  if (order.kind === 'report') return report();
  if (order.kind === 'behave') await services[order.service].behave(order.behaviour);
  else for (const service of Object.values(services)) service.begin(order.browsers);
  return {};
}

process.on('message', (order: Order) => {
  void obey(order).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit(0));
// a Ctrl-C at the terminal is for the parent, which then disconnects
process.on('SIGINT', () => undefined);

void Promise.all([services.hurt.listen(), services.healthy.listen()]).then(([hurt, healthy]) =>
  process.send?.({ hurt, healthy }),
);
