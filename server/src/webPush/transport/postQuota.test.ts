import { PostQuota } from './postQuota';

type Step =
  | { ended: [taken: number, givenBack: number] }
  | { sent: number; answered: number; open: number; allowed: boolean };

const at = (sent: number, answered: number, open: number, allowed: boolean): Step => ({
  ...{ sent, answered, open, allowed },
});
const twenty: Step[] = [{ ended: [20, 180] }, { ended: [20, 160] }];

test.each<[string, Step[]]>([
  ['nothing is held back before a connection has ended', [at(100_000, 0, 250, true)]],
  ['one that ended may have done so by chance', [{ ended: [20, 180] }, at(200, 0, 200, true)]],
  [
    'as many as the last two took',
    [...twenty, at(0, 0, 0, true), at(19, 0, 19, true), at(20, 0, 20, false), at(20, 19, 1, false)],
  ],
  [
    'the larger of the two: one that was taken for idle says little',
    [{ ended: [1_000, 9] }, { ended: [3, 50] }, at(999, 900, 90, true), at(1_000, 900, 100, false)],
  ],
  [
    'what ended without giving anything back says nothing',
    [{ ended: [20, 0] }, { ended: [20, 0] }, at(250, 0, 250, true)],
  ],
  ['what took nothing says nothing', [{ ended: [0, 20] }, { ended: [0, 20] }, at(250, 0, 250, true)]],
  ['never fewer than 16', [{ ended: [1, 9] }, { ended: [1, 9] }, at(15, 0, 15, true), at(16, 0, 16, false)]],
  [
    'one more when the last is answered, whoever else waits',
    [...twenty, at(20, 20, 7, true), at(21, 20, 8, false)],
  ],
  [
    'one more when none is left that could be answered',
    [...twenty, at(20, 12, 0, true), at(21, 12, 1, false)],
  ],
  [
    'none but an answered one makes the quota larger',
    [
      ...twenty,
      at(21, 12, 0, true),
      at(22, 12, 1, false),
      at(22, 22, 0, true),
      at(43, 22, 21, true),
      at(44, 22, 22, false),
    ],
  ],
])('%s', (_what, steps) => {
  const quota = new PostQuota();
  for (const step of steps) {
    if ('ended' in step) quota.learn(...step.ended);
    else {
      const counts = { sentCount: step.sent, lastAnswered: step.answered, openCount: step.open };
      expect([step, quota.allows(counts)]).toEqual([step, step.allowed]);
    }
  }
});
