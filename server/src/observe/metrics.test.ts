import { createLog } from './log';
import { createMetrics } from './metrics';

test('a gauge that cannot be read leaves the others readable', async () => {
  const metrics = createMetrics();
  metrics.watch('fanfare_away', 'x', async () => {
    throw new Error('the database is away');
  });
  metrics.watch('fanfare_there', 'x', () => [{ value: 7 }]);

  const text = await metrics.registry.metrics();
  expect(text).toContain('fanfare_there 7');
  expect(text).not.toMatch(/^fanfare_away\b/m);
});

test('a gauge that cannot be read is logged once for each time it fails, and when it can be read again', async () => {
  const lines: string[] = [];
  const metrics = createMetrics(createLog('info', {}, { write: (line) => lines.push(JSON.parse(line).msg) }));
  let isAway = true;
  metrics.watch('fanfare_away', 'x', async () => {
    if (isAway) throw new Error('the database is away');
    return [{ value: 7 }];
  });
  const look = () => metrics.registry.metrics();
  await look();
  await look();
  expect(lines).toEqual(['a metric cannot be read and is left out']);
  isAway = false;
  expect(await look()).toContain('fanfare_away 7');
  await look();
  isAway = true;
  await look();
  expect(lines.slice(1)).toEqual(['the metric can be read again', 'a metric cannot be read and is left out']);
});
