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

test('very many push services are not a series each', async () => {
  const metrics = createMetrics();
  const outcome = {
    kind: 'accepted',
    reason: 'accepted',
    retry: 'no',
    retires: false,
    holdsKey: false,
  } as const;
  for (let host = 0; host < 500; host += 1) metrics.onAttempt(`host-${host}.example.org`, outcome, 1);
  metrics.onAttempt('host-0.example.org', outcome, 1);
  const text = await metrics.registry.metrics();
  const attempts = text.split('\n').filter((line) => line.startsWith('fanfare_attempts_total{'));
  // four of the hundred labels are kept for the vendors
  expect(attempts).toHaveLength(97);
  expect(attempts[0]).toMatch(/"host-0\.example\.org".* 2$/);
  expect(attempts.at(-1)).toMatch(/"others".* 404$/);
});

test('a gauge whose server does not answer is left out, is asked once, and comes back', async () => {
  const metrics = createMetrics();
  let reads = 0;
  let answer: (samples: { value: number }[]) => void = () => undefined;
  metrics.watch('fanfare_silent', 'x', () => {
    reads += 1;
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  metrics.watch('fanfare_there', 'x', () => [{ value: 7 }]);
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const text = await metrics.registry.metrics();
    expect(text).toContain('fanfare_there 7');
    expect(text).not.toMatch(/^fanfare_silent\b/m);
  }
  expect(reads).toBe(1);
  const scrape = metrics.registry.metrics();
  answer([{ value: 3 }]);
  expect(await scrape).toContain('fanfare_silent 3');
});
