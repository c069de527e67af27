import { PublicIds } from '../model/ids/publicIds';
import type { ClaimedDispatch } from './claimDispatch';
import { PushMessages } from './pushMessages';

/** A dispatch of a notification to so many users. */
function dispatchOf(notificationId: number, users: number): ClaimedDispatch {
  const userIds = Array.from({ length: users }, (_, index) => `${index}`.padStart(100, 'u'));
  const message = {
    ...{ content: '{"title":"Hello"}', audience: JSON.stringify({ userIds }), urgency: 'normal' },
    ...{ receiptUrl: 'https://api.example/graphql', topic: null, ttlSeconds: 60, applicationId: 1 },
  };
  return { notificationId, message } as unknown as ClaimedDispatch;
}

test.each([
  ['few users are kept', 2, true],
  ['a thousand users each are kept as far as there is room', 1_000, false],
])('messages to %s', (_what, users, isFirstKept) => {
  const messages = new PushMessages(new PublicIds('a salt'));
  const first = messages.of(dispatchOf(1, users));
  for (let id = 2; id <= 300; id += 1) messages.of(dispatchOf(id, users));
  expect(messages.of(dispatchOf(300, users))).toBe(messages.of(dispatchOf(300, users)));
  expect(messages.of(dispatchOf(1, users)) === first).toBe(isFirstKept);
});
