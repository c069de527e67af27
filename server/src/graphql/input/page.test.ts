import { cursorOf, readPage } from './page';

describe('a page', () => {
  test('of 20 from the start by default', () => {
    expect(readPage(undefined, undefined)).toEqual({ first: 20, after: undefined });
    expect(readPage(null, null)).toEqual({ first: 20, after: undefined });
  });

  test.each([1, 42, 999_999_999_999_999])('goes on after %i', (id) => {
    expect(readPage(1, cursorOf(id))).toEqual({ first: 1, after: id });
  });

  test.each([0, -1, 101])('of %i rows is refused', (first) => {
    expect(() => readPage(first, null)).toThrow(expect.objectContaining({ inputPath: ['first'] }));
  });

  test.each(['', 'x', 'id:1', cursorOf(0), cursorOf(-1), cursorOf(1.5), cursorOf(1e15), `${cursorOf(1)}=`])(
    'after "%s" is refused',
    (after) => {
      expect(() => readPage(1, after)).toThrow(
        expect.objectContaining({ code: 'BAD_USER_INPUT', inputPath: ['after'] }),
      );
    },
  );
});
