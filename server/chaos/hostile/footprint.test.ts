import { footprintOf, hasRecovered } from './footprint';

const before = { descriptors: 40, megabytes: 150 };

test.each([
  [{ descriptors: 40, megabytes: 150 }, true],
  [{ descriptors: 90, megabytes: 250 }, true],
  [{ descriptors: 91, megabytes: 150 }, false],
  [{ descriptors: 40, megabytes: 250.1 }, false],
])('%j after the attack: recovered %p', (after, recovered) => {
  expect(hasRecovered(before, after)).toBe(recovered);
});

test('of this process', () => {
  const { descriptors, megabytes } = footprintOf(process.pid);
  expect(descriptors).toBeGreaterThan(2);
  expect(megabytes).toBeGreaterThan(10);
});
