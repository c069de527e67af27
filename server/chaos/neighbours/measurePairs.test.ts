import { measurePairs } from './measurePairs';

/** Measures by a script of what is stolen, phase after phase, and nothing beyond its end; tells what came in order. */
function scripted(stolen: readonly number[]) {
  const order: string[] = [];
  const measure = (kind: string) => async () => {
    order.push(kind);
    return { name: `${kind} ${order.length}`, stolen: stolen[order.length - 1] ?? 0 };
  };
  return { order, well: measure('well'), ill: measure('ill') };
}

const namesOf = (phases: ReadonlyArray<{ name: string }>) => phases.map(({ name }) => name);

test('what comes first changes from pair to pair', async () => {
  const { order, well, ill } = scripted([]);
  const pairs = await measurePairs(well, ill, 3);
  expect(order).toEqual(['well', 'ill', 'ill', 'well', 'well', 'ill']);
  expect(namesOf(pairs.well)).toEqual(['well 1', 'well 4', 'well 5']);
  expect(namesOf(pairs.ill)).toEqual(['ill 2', 'ill 3', 'ill 6']);
  expect(pairs.begun).toBe(3);
});

test('a pair with a disturbed phase is measured anew, in the same order', async () => {
  const { order, well, ill } = scripted([0.03, 0.01, 0.021, 0.02, 0.02]);
  const pairs = await measurePairs(well, ill, 2);
  expect(order).toEqual(['well', 'well', 'ill', 'well', 'ill', 'ill', 'well']);
  expect(namesOf(pairs.well)).toEqual(['well 4', 'well 7']);
  expect(namesOf(pairs.ill)).toEqual(['ill 5', 'ill 6']);
  expect(pairs.begun).toBe(4);
});

test('on a machine that is never left alone it ends without a pair', async () => {
  const { order, well, ill } = scripted(new Array<number>(100).fill(0.5));
  expect(await measurePairs(well, ill, 6)).toEqual({ well: [], ill: [], begun: 30 });
  expect(order).toHaveLength(30);
});
