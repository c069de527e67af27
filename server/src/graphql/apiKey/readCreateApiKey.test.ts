import { ApiKeyKindEnum } from '../enums';
import { readCreateApiKey } from './readCreateApiKey';

const { PUBLISHABLE, SECRET } = ApiKeyKindEnum;

describe('a key to make', () => {
  test('has each scope once, in the order of the catalogue', () => {
    const scopes = ['subscriptions:read', 'notifications:send', 'subscriptions:read'];
    expect(readCreateApiKey({ name: 'CRM', kind: SECRET, scopes })).toEqual({
      name: 'CRM',
      kind: 'SECRET',
      scopes: ['notifications:send', 'subscriptions:read'],
    });
    expect(readCreateApiKey({ name: 'web', kind: PUBLISHABLE, scopes: null }).scopes).toEqual([]);
  });

  test.each([
    ['no name', { name: '', kind: PUBLISHABLE }, ['input', 'name']],
    ['a long name', { name: 'x'.repeat(101), kind: PUBLISHABLE }, ['input', 'name']],
    ['an unknown scope', { name: 'x', kind: SECRET, scopes: ['admin', 'root'] }, ['input', 'scopes', 1]],
    ['a secret key without scopes', { name: 'x', kind: SECRET }, ['input', 'scopes']],
    [
      'a publishable key with scopes',
      { name: 'x', kind: PUBLISHABLE, scopes: ['admin'] },
      ['input', 'scopes'],
    ],
  ])('%s is refused', (_name, input, path) => {
    expect(() => readCreateApiKey(input)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', inputPath: path }),
    );
  });
});
