import { Semaphore } from './semaphore';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const held = (semaphore: Semaphore, begun: string[], name: string) => {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const done = semaphore.run(async () => {
    begun.push(name);
    await ended;
    return name;
  });
  return { done, end };
};

/** Until everything that can go on has gone on. */
const settled = () => jest.advanceTimersByTimeAsync(0);

test('a few work at once, and the others in the order in which they came', async () => {
  const [semaphore, begun]: [Semaphore, string[]] = [new Semaphore(2, 1_000), []];
  const works = ['a', 'b', 'c', 'd', 'e'].map((name) => held(semaphore, begun, name));
  await settled();
  expect(begun).toEqual(['a', 'b']);
  works[1]?.end();
  await settled();
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const { end } of works) end();
  expect(await Promise.all(works.map(({ done }) => done))).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('one that fails gives its turn to the next', async () => {
  const semaphore = new Semaphore(1, 1_000);
  const failing = semaphore.run(() => Promise.reject(new Error('broken')));
  const next = semaphore.run(async () => 'next');
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('next');
});

test('nobody waits for longer than that, and the limit holds again afterwards', async () => {
  const [semaphore, begun]: [Semaphore, string[]] = [new Semaphore(1, 1_000), []];
  const works = ['a', 'b', 'c'].map((name) => held(semaphore, begun, name));
  await jest.advanceTimersByTimeAsync(999);
  expect(begun).toEqual(['a']);
  await jest.advanceTimersByTimeAsync(1);
  expect(begun).toEqual(['a', 'b', 'c']);
  const late = held(semaphore, begun, 'late');
  works[0]?.end();
  works[1]?.end();
  await settled();
  expect(begun).not.toContain('late');
  works[2]?.end();
  late.end();
  expect(await late.done).toBe('late');
});
