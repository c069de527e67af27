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
