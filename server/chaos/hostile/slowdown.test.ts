import { slowdownOf } from './slowdown';

/** 100 durations: `usual`, and the slowest `count` of them `slow`. */
function durations(usual: number, count = 0, slow: number | 'unanswered' = usual): Array<number | undefined> {
  const last = slow === 'unanswered' ? undefined : slow;
  return Array.from({ length: 100 }, (_, n) => (n < 100 - count ? usual : last));
}

test.each([
  { what: 'no slower', alone: durations(5), attacked: durations(5), isBearable: true },
  {
    what: 'ten times slower, above the floor',
    alone: durations(20),
    attacked: durations(200),
    isBearable: true,
  },
  { what: 'more than ten times', alone: durations(20), attacked: durations(200.1), isBearable: false },
  { what: 'below the floor', alone: durations(1), attacked: durations(100), isBearable: true },
  { what: 'above the floor', alone: durations(1), attacked: durations(100.1), isBearable: false },
  { what: 'one in twenty is slow', alone: durations(5), attacked: durations(5, 5, 9_000), isBearable: true },
  { what: 'more than that', alone: durations(5), attacked: durations(5, 6, 9_000), isBearable: false },
  {
    what: 'a slow tail that was there before',
    alone: durations(5, 10, 900),
    attacked: durations(5, 10, 9_000),
    isBearable: true,
  },
  {
    what: 'six are not answered',
    alone: durations(5),
    attacked: durations(5, 6, 'unanswered'),
    isBearable: false,
  },
])('$what: $isBearable', ({ alone, attacked, isBearable }) => {
  expect(slowdownOf(alone, attacked, 10).isBearable).toBe(isBearable);
});

test('nothing measured is not bearable', () => {
  expect(slowdownOf(durations(5), [], 10).isBearable).toBe(false);
});

test('what is not answered is counted and took for ever', () => {
  const { attacked, unanswered } = slowdownOf(durations(5), durations(5, 2, 'unanswered'), 10);
  expect(unanswered).toBe(2);
  expect(attacked).toEqual({ p50: 5, p95: 5, p99: Number.POSITIVE_INFINITY });
});
