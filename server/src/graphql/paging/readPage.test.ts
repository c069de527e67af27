import { MasterSecret } from '../../secrets/masterSecret';
import { SealedCursors } from '../../secrets/sealedCursors';
import { readHistoryPage, readPage } from './readPage';

const sealed = new SealedCursors(new MasterSecret('a secret of at least thirty-two characters'));
const cursors = sealed.of('notifications', 1);
const fault = (inputPath: string[]) => expect.objectContaining({ code: 'BAD_USER_INPUT', inputPath });

describe('a page', () => {
  test('of 20 from the start by default', () => {
    expect(readPage(cursors, undefined, undefined)).toEqual({ first: 20, after: undefined });
    expect(readPage(cursors, null, null)).toEqual({ first: 20, after: undefined });
  });

  test.each([1, 42, 999_999_999_999_999])('goes on after %i', (id) => {
    expect(readPage(cursors, 1, cursors.seal([id]))).toEqual({ first: 1, after: id });
  });

  test.each([0, -1, 101])('of %i rows is refused', (first) => {
    expect(() => readPage(cursors, first, null)).toThrow(fault(['first']));
  });

  test.each(['', 'x', 'aWQ6MQ', cursors.seal([1, 2]), sealed.of('auditLog', 1).seal([1])])(
    'after "%s" is refused',
    (after) => {
      expect(() => readPage(cursors, 1, after)).toThrow(fault(['after']));
    },
  );
});

describe("a page of a person's history", () => {
  test('goes on after a delivery', () => {
    const after = { notificationId: 7, subscriptionId: 9 };
    expect(readHistoryPage(cursors, 1, cursors.seal([7, 9]))).toEqual({ first: 1, after });
  });

  test('does not go on after one number', () => {
    expect(() => readHistoryPage(cursors, 1, cursors.seal([7]))).toThrow(fault(['after']));
  });
});
