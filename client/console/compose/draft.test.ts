import { audienceOf, draftFrom, emptyDraft, inputOf } from './draft';

describe('a draft', () => {
  test.each([
    ['nobody yet', {}, undefined],
    ['everyone', { audienceKind: 'everyone' as const }, { everyone: true }],
    ['users', { audienceKind: 'users' as const, userIds: ['ada'] }, { userIds: ['ada'] }],
    ['no users yet', { audienceKind: 'users' as const }, undefined],
    ['tags', { anyOf: ['a'], noneOf: ['b'] }, { tags: { anyOf: ['a'], noneOf: ['b'] } }],
    ['who failed', { audienceKind: 'failed' as const, failedOf: 'ntf_1' }, { failedOf: 'ntf_1' }],
    [
      'users of another kind are not meant',
      { audienceKind: 'everyone' as const, userIds: ['ada'] },
      { everyone: true },
    ],
  ])('names %s', (_name, fields, audience) => {
    expect(audienceOf({ ...emptyDraft, ...fields })).toEqual(audience);
  });

  test('becomes the input of the mutation', () => {
    const draft = { ...emptyDraft, title: 'x', anyOf: ['a'], sendAt: '2030-01-01T10:00' };
    expect(inputOf(draft, 'once')).toEqual({
      audience: { tags: { anyOf: ['a'] } },
      content: { title: 'x' },
      ttl: 86400,
      urgency: 'NORMAL',
      idempotencyKey: 'once',
      sendAt: new Date('2030-01-01T10:00').toISOString(),
    });
    expect(inputOf(emptyDraft, 'once')).toBeUndefined();
    expect(inputOf({ ...draft, sendAt: '12030-01-01T10:00' }, 'once')).toBeUndefined();
  });

  test('begins with a stored notification, as it was sent', () => {
    const content = { title: 'T', silent: true };
    const delivery = { ttl: 300, urgency: 'HIGH' as const, topic: 'news' };
    expect(draftFrom({ content, delivery, audience: { failedOf: 'ntf_1' } })).toMatchObject({
      audienceKind: 'failed',
      failedOf: 'ntf_1',
      title: 'T',
      silent: true,
      ttlSeconds: 300,
      urgency: 'HIGH',
      topic: 'news',
    });
  });

  test('to somebody begins empty', () => {
    expect(draftFrom({ content: {}, audience: { userIds: ['ada'] } })).toEqual({
      ...emptyDraft,
      audienceKind: 'users',
      userIds: ['ada'],
    });
  });
});
