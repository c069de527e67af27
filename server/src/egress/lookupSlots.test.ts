import { LookupSlots } from './lookupSlots';

const limits = { total: 2, perDomain: 1, waiting: 3, waitMs: 2_000 };

/** Look-ups that end when the test says so. */
function lookups(given: Partial<typeof limits> = {}) {
  const slots = new LookupSlots({ ...limits, ...given });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (name: string) =>
    slots.run(name, () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    });
  const end = (name: string) => ends.get(name)?.();
  return { slots, begun, run, end };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Lets everything happen that waits for no timer. */
const settle = () => jest.advanceTimersByTimeAsync(0);

test('a look-up that ends gives its slot to the first that waits, long before its time is over', async () => {
  const { begun, run, end } = lookups({ perDomain: 2 });
  const all = ['a.example', 'b.example', 'c.example', 'd.example'].map(run);
  await settle();
  expect(begun).toEqual(['a.example', 'b.example']);
  end('b.example');
  await settle();
  expect(begun).toEqual(['a.example', 'b.example', 'c.example']);
  end('a.example');
  await settle();
  end('c.example');
  end('d.example');
  expect(await Promise.all(all)).toEqual(['a.example', 'b.example', 'c.example', 'd.example']);
});

test('a slot goes past those whose own domain is busy', async () => {
  const { begun, run, end } = lookups();
  void run('1.a.example');
  void run('b.test');
  void run('2.a.example');
  void run('c.test');
  await settle();
  expect(begun).toEqual(['1.a.example', 'b.test']);
  end('b.test');
  await settle();
  expect(begun).toEqual(['1.a.example', 'b.test', 'c.test']);
  end('1.a.example');
  await settle();
  expect(begun).toEqual(['1.a.example', 'b.test', 'c.test', '2.a.example']);
});

test('one that waited in vain is told so, and takes no slot afterwards', async () => {
  const { begun, run, end } = lookups({ total: 1 });
  const first = run('a.test');
  const late = run('b.test');
  await jest.advanceTimersByTimeAsync(limits.waitMs + 1);
  expect(await late).toBeUndefined();
  end('a.test');
  expect(await first).toBe('a.test');
  void run('c.test');
  await settle();
  expect(begun).toEqual(['a.test', 'c.test']);
});

test('more than may wait are refused at once', async () => {
  const { run } = lookups({ total: 1, waiting: 1 });
  void run('a.test');
  void run('b.test');
  const refused = run('c.test');
  await settle();
  expect(await Promise.race([refused, 'waits'])).toBeUndefined();
});

test('a look-up that fails frees its slot', async () => {
  const { slots, begun, run } = lookups({ total: 1 });
  const failed = slots.run('a.test', () => Promise.reject(new Error('no')));
  void run('b.test');
  await expect(failed).rejects.toThrow('no');
  await settle();
  expect(begun).toEqual(['b.test']);
});
