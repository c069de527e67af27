import { audienceOf, contentOf, draftFrom, emptyDraft, inputOf, readData } from './draft';

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

  test('has no content without a title, or with data that is no object', () => {
    expect(contentOf(emptyDraft)).toBeUndefined();
    expect(contentOf({ ...emptyDraft, title: 'x', data: '[1]' })).toBeUndefined();
    expect(contentOf({ ...emptyDraft, title: 'x', data: '{"a":1}' })).toEqual({ title: 'x', data: { a: 1 } });
  });

  test('leaves out what is empty', () => {
    const actions = [
      { title: 'Open', navigate: ' https://example.org/ ' },
      { title: '', navigate: '' },
    ];
    expect(contentOf({ ...emptyDraft, title: 'x', body: ' y ', actions })).toEqual({
      title: 'x',
      body: 'y',
      actions: [{ action: 'action-1', title: 'Open', navigate: 'https://example.org/' }],
    });
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
  });

  test('begins with a stored notification', () => {
    const content = {
      title: 'T',
      data: { fanfare: {}, a: 1 },
      actions: [{ action: 'x', title: 'Go' }],
      silent: true,
    };
    expect(draftFrom({ content, audience: { failedOf: 'ntf_1' } })).toMatchObject({
      audienceKind: 'failed',
      failedOf: 'ntf_1',
      title: 'T',
      silent: true,
      data: '{"a":1}',
      actions: [{ title: 'Go', navigate: '' }],
    });
  });

  test.each([
    ['', undefined],
    ['{}', {}],
    ['null', null],
    ['{', null],
  ])('reads the data %j', (text, value) => expect(readData(text)).toEqual(value));
});
