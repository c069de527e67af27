import { PostQuota } from './postQuota';

type Step =
  | { ended: [taken: number, givenBack: number] }
  | { sent: number; unanswered: number; allowed: boolean };

const full = { unanswered: 10, allowed: false };
const free = { unanswered: 10, allowed: true };

test.each<[string, Step[]]>([
  ['nothing is held back before a connection has ended', [{ sent: 100_000, ...free }]],
  [
    'as many as the last connection took',
    [{ ended: [20, 180] }, { sent: 0, ...free }, { sent: 19, ...free }, { sent: 20, ...full }],
  ],
  ['what ended without giving anything back says nothing', [{ ended: [20, 0] }, { sent: 250, ...free }]],
  ['what took nothing says nothing', [{ ended: [0, 20] }, { sent: 250, ...free }]],
  ['never fewer than 16', [{ ended: [1, 9] }, { sent: 15, ...free }, { sent: 16, ...full }]],
  [
    'one more finds out, when all are answered',
    [
      { ended: [20, 1] },
      { sent: 20, unanswered: 1, allowed: false },
      { sent: 20, unanswered: 0, allowed: true },
      { sent: 21, unanswered: 1, allowed: false },
    ],
  ],
  [
    'a connection that answered one more may take as many again',
    [
      { ended: [20, 1] },
      { sent: 21, unanswered: 0, allowed: true },
      { sent: 41, ...free },
      { sent: 42, ...full },
    ],
  ],
  [
    'the latest that ended counts',
    [{ ended: [20, 1] }, { ended: [100, 5] }, { sent: 99, ...free }, { sent: 100, ...full }],
  ],
])('%s', (_what, steps) => {
  const quota = new PostQuota();
  for (const step of steps) {
    if ('ended' in step) quota.learn(...step.ended);
    else expect([step, quota.allows(step.sent, step.unanswered)]).toEqual([step, step.allowed]);
  }
});
