import type { AttackOrder } from './attackerProcess';
import { attacks } from './attacks';
import { Target } from './target';

/*
 * The process that attacks. In: the name of an attack and the API to attack. Out: what came of it, once it has let go of
 * everything. Started by `startAttacker`.
 */

async function obey({ attack, url, durationMs }: AttackOrder): Promise<Record<string, number>> {
  const target = new Target(url, durationMs);
  await attacks[attack]?.(target);
  return target.counts;
}

process.on('message', (order: AttackOrder) => {
  void obey(order).then((counts) => process.send?.(counts));
});
process.on('disconnect', () => process.exit(0));
// a Ctrl-C at the terminal is for the parent, which then disconnects
process.on('SIGINT', () => undefined);

process.send?.('ready');
