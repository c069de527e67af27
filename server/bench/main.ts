import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBenchPlace } from './benchPlace';
import type { Engine } from './installation';
import { compareDelivery } from './parts/compareDelivery';
import { profileDelivery } from './parts/profileDelivery';

/*
 * The benchmarks. In: which parts, and their sizes. Out: tables, and the same as JSON in a file. Called by
 * `npm run bench`.
 */

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true, default: ['delivery'] },
    engine: { type: 'string', multiple: true, default: ['separate', 'embedded'] },
    deliveries: { type: 'string', default: '20000' },
    'peer-messages': { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '5' },
    'delay-ms': { type: 'string', default: '0' },
    out: { type: 'string' },
    'profile-folder': { type: 'string', default: 'bench-results' },
  },
});

async function main(): Promise<void> {
  const place = await openBenchPlace();
  const engines = values.engine as Engine[];
  const deliveries = Number(values.deliveries);
  const delayMs = Number(values['delay-ms']);
  const rounds = Number(values.rounds);
  const results: Record<string, unknown> = {};
  try {
    for (const part of values.part) {
      if (part === 'delivery') {
        const sizes = { peerMessages: Number(values['peer-messages']), delayMs };
        results[part] = await compareDelivery(place, { deliveries, rounds, engines, ...sizes });
      } else if (part === 'profile') {
        for (const engine of engines) {
          results[`profile ${engine}`] = await profileDelivery(place, {
            ...{ engine, deliveries, rounds, delayMs },
            folder: join(values['profile-folder'], `profile-${engine}-${Date.now()}`),
          });
        }
      } else throw new Error(`There is no part "${part}".`);
    }
  } finally {
    await place.leave();
  }
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(results, undefined, 2)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
