import { sqlOver } from '../sql';
import { withMysqlLock } from './mysqlLock';

/** A connection on which the lock is given with the last of these answers. */
function connectionThatSays(answers: (number | null)[]) {
  const asked: string[] = [];
  const sql = sqlOver(async (statements) =>
    statements.map(({ text }) => {
      asked.push(text);
      const rows = text.includes('GET_LOCK') ? [{ answer: answers.shift() }] : [{ answer: 1 }];
      return { rows, affected: 0, insertId: 0 };
    }),
  );
  return { sql, asked };
}

test('another process that holds the lock for minutes is waited for', async () => {
  const { sql, asked } = connectionThatSays([0, 0, 0, 1]);
  const work = jest.fn(async () => {
    expect(asked.at(-1)).toContain('GET_LOCK');
    return 'done';
  });
  expect(await withMysqlLock(sql, 'test', work)).toBe('done');
  expect(work).toHaveBeenCalledTimes(1);
  expect(asked.filter((text) => text.includes('GET_LOCK'))).toHaveLength(4);
  expect(asked.at(-1)).toContain('RELEASE_LOCK');
});

test('a server that can give no lock is not asked for ever', async () => {
  const { sql } = connectionThatSays([null]);
  const work = jest.fn();
  await expect(withMysqlLock(sql, 'test', work)).rejects.toThrow('no further lock');
  expect(work).not.toHaveBeenCalled();
});

test('what fails under the lock gives it back', async () => {
  const { sql, asked } = connectionThatSays([1]);
  const work = () => Promise.reject(new Error('broken'));
  await expect(withMysqlLock(sql, 'test', work)).rejects.toThrow('broken');
  expect(asked.at(-1)).toContain('RELEASE_LOCK');
});
