import { PeerBudget } from './peerBudget';

test.each([
  ['units', 4_000, 64, (budget: PeerBudget, count: number) => budget.spend(count, 0)],
  ['bytes', 1_048_576, 24_576, (budget: PeerBudget, count: number) => budget.spend(0, count)],
])('a peer may spend so many %s, and what its answers earn', (_what, most, earned, spend) => {
  const budget = new PeerBudget();
  budget.earn();
  spend(budget, most);
  budget.earn();
  spend(budget, earned);
  expect(() => spend(budget, 1)).toThrow('Too many frames or bytes');
});
