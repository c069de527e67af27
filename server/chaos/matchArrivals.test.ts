import { matchArrivals } from './matchArrivals';

const ms = 1_000_000;

function sent(...messages: Array<[browser: number, atMs: number]>) {
  return messages.map(([browser, atMs]) => ({ browser, atNs: BigInt(atMs * ms) }));
}

function arrived(...posts: Array<[index: number, atMs: number]>) {
  return posts.map(([index, atMs]) => ({ index, atNs: String(atMs * ms) }));
}

test.each([
  {
    what: 'each message has its own browser',
    messages: sent([1, 0], [2, 10]),
    posts: arrived([2, 15], [1, 7]),
    durations: [7, 5],
  },
  {
    what: 'two messages to one browser are matched in the order of sending',
    messages: sent([1, 0], [1, 100]),
    posts: arrived([1, 130], [1, 20]),
    durations: [20, 30],
  },
  {
    what: 'a message that did not arrive',
    messages: sent([1, 0], [2, 10]),
    posts: arrived([2, 15]),
    durations: [undefined, 5],
  },
  {
    what: 'a browser that nothing was sent to',
    messages: sent([1, 0]),
    posts: arrived([9, 1], [1, 2]),
    durations: [2],
  },
])('$what', ({ messages, posts, durations }) => {
  expect(matchArrivals(messages, posts)).toEqual(durations);
});
