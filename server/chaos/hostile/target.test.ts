import { Target } from './target';

test('each request seems to come from another network', () => {
  const target = new Target('http://127.0.0.1:4000', 1_000);
  const addresses = Array.from({ length: 70_000 }, () => target.nextAddress());
  expect(addresses.slice(0, 2)).toEqual(['2001:470:0:1::1', '2001:470:0:2::1']);
  expect(new Set(addresses).size).toBe(70_000);
});

test('it ends by itself, and lets nobody wait for a connection beyond that', async () => {
  const target = new Target('http://127.0.0.1:4000', 50);
  let openings = 0;
  await target.repeat(1_000, async () => {
    await target.opening();
    openings += 1;
  });
  expect(target.lasts).toBe(false);
  // each worker is let go once, at the end
  expect(openings).toBeLessThan(1_100);
});
