import { askUserToken, hashSubject } from './userToken';

const tokenOf = (claims: unknown) =>
  `header.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

describe('hashSubject', () => {
  it('is the same for every token of a user, and another for another', async () => {
    const ann = await hashSubject(tokenOf({ sub: 'ann', exp: 1 }));
    expect(ann).not.toContain('ann');
    expect(await hashSubject(tokenOf({ exp: 2, sub: 'ann' }))).toBe(ann);
    expect(await hashSubject(tokenOf({ sub: 'bob', exp: 1 }))).not.toBe(ann);
  });

  it('reads names that make every character of base64url', async () => {
    const names = ['Ärzte?>~ÿ', '張三', '🎺>>>???'].map((sub) => tokenOf({ sub }));
    expect(names.join()).toMatch(/-.*_|_.*-/);
    const hashes = await Promise.all(names.map((token) => hashSubject(token)));
    expect(new Set(hashes.filter((hash) => hash !== undefined)).size).toBe(3);
  });

  it.each([
    ['no token', undefined],
    ['no JWT', 'proof'],
    ['no JSON', 'a.b.c'],
    ['nobody named', tokenOf({ exp: 1 })],
    ['a number', tokenOf({ sub: 7 })],
    ['null', tokenOf(null)],
  ])('finds nobody in %s', async (_, token) => {
    expect(await hashSubject(token)).toBeUndefined();
  });
});

describe('askUserToken', () => {
  it.each([
    ['a token', () => 'proof', 'proof'],
    ['a promise of one', async () => 'proof', 'proof'],
    ['nothing', () => undefined, undefined],
    ['an empty text, as of a back end where nobody is signed in', () => '', undefined],
    ['no way to ask', undefined, undefined],
  ])('takes %s', async (_, getUserToken, token) => {
    expect(await askUserToken(getUserToken)).toBe(token);
  });
});
