import { Target } from './target';

test('each request seems to come from another network', () => {
  const target = new Target('http://127.0.0.1:4000', 1_000);
  const addresses = Array.from({ length: 70_000 }, () => target.nextAddress());
  expect(addresses.slice(0, 2)).toEqual(['2001:470:0:1::1', '2001:470:0:2::1']);
  expect(new Set(addresses).size).toBe(70_000);
});

describe('connections come at 500 a second', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test('and none is waited for beyond the end', async () => {
    const target = new Target('http://127.0.0.1:4000', 1_000);
    let openings = 0;
    for (let n = 0; n < 2_000; n += 1) {
      void target.opening().then(() => {
        openings += 1;
      });
    }
    await jest.advanceTimersByTimeAsync(500);
    expect(openings).toBe(250);
    expect(target.lasts).toBe(true);
    await jest.advanceTimersByTimeAsync(500);
    expect(openings).toBe(2_000);
    expect(target.lasts).toBe(false);
  });

  test('and a pause is not made up for', async () => {
    const target = new Target('http://127.0.0.1:4000', 60_000);
    let openings = 0;
    const open = async () => {
      await target.opening();
      openings += 1;
    };
    await jest.advanceTimersByTimeAsync(10_000);
    for (let n = 0; n < 100; n += 1) void open();
    await jest.advanceTimersByTimeAsync(20);
    expect(openings).toBe(10);
  });
});
