import { audienceInWords } from './audienceInWords';

test.each([
  [{ everyone: true }, 'everyone'],
  [{ userIds: ['ada', 'bob'] }, 'user ada, bob'],
  [{ userIds: ['a', 'b', 'c', 'd'] }, '4 users'],
  [{ tags: { anyOf: ['news', 'sport'], noneOf: ['beta'] } }, 'tagged news or sport, not tagged beta'],
  [{ failedOf: 'ntf_1' }, 'whoever failed to get ntf_1'],
  [{}, 'nobody'],
])('%j is %s', (audience, words) => expect(audienceInWords(audience)).toBe(words));
