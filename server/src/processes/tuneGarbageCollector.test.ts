import { execFileSync } from 'node:child_process';
import { heapGrowthFlag } from './tuneGarbageCollector';

/** Messages that live for a while and are then garbage, in a process of its own, for its peak. */
const churn = `
  const latest = [];
  let most = 0;
  for (let round = 0; round < 1500; round += 1) {
    latest.push(Array.from({ length: 5000 }, (_, index) => ({ index, next: [round, index] })));
    if (latest.length > 100) latest.shift();
    most = Math.max(most, process.memoryUsage().heapTotal);
  }
  process.stdout.write(String(most));
`;

const peakBytes = (before: string) =>
  Number(execFileSync(process.execPath, ['-e', before + churn], { encoding: 'utf8' }));

test('a process that makes much garbage holds less of it', () => {
  const setFlag = `require('node:v8').setFlagsFromString('${heapGrowthFlag}');`;
  expect(peakBytes(setFlag)).toBeLessThan(0.8 * peakBytes(''));
});
