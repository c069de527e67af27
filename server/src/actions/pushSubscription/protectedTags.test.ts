import { isProtected, type TagChange, tagsAfter } from './protectedTags';

const page: TagChange = {
  ...{ protectedTags: ['staff:*', 'board'], asked: undefined, existing: ['news', 'staff:it'] },
  ...{ isSameOwner: true, isPage: true, claimed: undefined },
};

test.each([
  ['board', true],
  ['board-members', false],
  ['staff:', true],
  ['staff:it', true],
  ['staff', false],
  ['Board', false],
])('%s is protected: %s', (tag, expected) => {
  expect(isProtected(tag, page.protectedTags)).toBe(expected);
});

test.each<[string, Partial<TagChange>, string[] | 'refused']>([
  ['a visit changes nothing', {}, ['news', 'staff:it']],
  ['a page replaces the others', { asked: ['sport'] }, ['sport', 'staff:it']],
  ['a page may repeat what it was given', { asked: ['sport', 'staff:it'] }, ['sport', 'staff:it']],
  ['a page takes none', { asked: ['staff:hr'] }, 'refused'],
  ['nor an exact one', { asked: ['board'] }, 'refused'],
  ['a token grants one', { asked: ['board'], claimed: ['board', 'staff:it'] }, ['board', 'staff:it']],
  ['a token grants those that it lists', { asked: ['board'], claimed: ['staff:it'] }, 'refused'],
  ['a token takes what it lists no longer', { claimed: [] }, ['news']],
  ['and so it does when the page repeats it', { asked: ['staff:it'], claimed: [] }, []],
  ['a token alone sets none', { claimed: ['board', 'staff:it'] }, ['news', 'staff:it']],
  ['another user has none', { isSameOwner: false }, ['news']],
  ['nor by repeating them', { isSameOwner: false, asked: ['staff:it'] }, []],
  ['but by a token', { isSameOwner: false, asked: ['staff:it'], claimed: ['staff:it'] }, ['staff:it']],
  ['a back end sets any', { isPage: false, asked: ['board'] }, ['board']],
  ['a back end that changes the user drops them', { isPage: false, isSameOwner: false }, ['news']],
])('%s', (_, change, expected) => {
  const after = () => tagsAfter({ ...page, ...change });
  if (expected === 'refused') expect(after).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  else expect(after()).toEqual(expected);
});
