import { EventLoopYield } from './eventLoopYield';

test('so many go on at once, the others in later turns', async () => {
  const pace = new EventLoopYield(3);
  const turns: number[] = [];
  let turn = 0;
  const countTurn = () => {
    turn += 1;
    if (turns.length < 10) setImmediate(countTurn);
  };
  // before anybody waits, so that a turn is counted before it is used
  setImmediate(countTurn);
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      await pace.next();
      turns.push(turn);
    }),
  );
  const perTurn = [...new Set(turns)].map((each) => turns.filter((other) => other === each).length);
  expect(perTurn).toEqual([3, 3, 3, 1]);
});

test('a turn that was not used up is renewed all the same', async () => {
  const pace = new EventLoopYield(2);
  expect(pace.next()).toBeUndefined();
  await new Promise((resolve) => setImmediate(resolve));
  expect([pace.next(), pace.next()]).toEqual([undefined, undefined]);
});
