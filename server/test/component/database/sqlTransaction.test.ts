import { isDuplicate } from '../../../src/database/faults';
import { describeEachDatabase } from '../../support/engines/engines';

describeEachDatabase('a transaction of plain SQL', (database) => {
  const put = (name: string, value = 'x') => ({
    text: 'INSERT INTO setting (name, value) VALUES (?, ?)',
    values: [name, value],
  });
  const names = async () =>
    (await database().sql.rows<{ name: string }>('SELECT name FROM setting ORDER BY name')).map(
      (row) => row.name,
    );

  beforeEach(() => database().write((sql) => sql.run('DELETE FROM setting')));

  test('commits what was put off to the end', async () => {
    await database().sqlTransaction(async (sql) => sql.defer(put('first'), put('second')));
    expect(await names()).toEqual(['first', 'second']);
  });

  test('shows what was put off to the next statement, in order', async () => {
    const seen = await database().sqlTransaction(async (sql) => {
      sql.defer(put('one', 'old'));
      sql.defer({ text: 'UPDATE setting SET value = ? WHERE name = ?', values: ['new', 'one'] });
      return sql.rows('SELECT value FROM setting');
    });
    expect(seen).toEqual([{ value: 'new' }]);
  });

  test('answers for each statement of several', async () => {
    const results = await database().sqlTransaction((sql) =>
      sql.batch([
        put('one'),
        { text: 'SELECT name FROM setting' },
        { text: "UPDATE setting SET value = 'y'" },
      ]),
    );
    expect(results.map(({ rows, affected }) => [rows, affected])).toEqual([
      [[], 1],
      [[{ name: 'one' }], 0],
      [[], 1],
    ]);
  });

  test('has nothing to say of no statements', async () => {
    expect(await database().sql.batch([])).toEqual([]);
    expect(await database().sqlTransaction((sql) => sql.batch([]))).toEqual([]);
  });

  test('gives the id that a row was given, whatever travels before it', async () => {
    const insert = (name: string) => ({
      text: 'INSERT INTO application (name, requireUserProof, createdAt) VALUES (?, 0, 0)',
      values: [name],
    });
    const id = await database().sqlTransaction(async (sql) => {
      sql.defer(insert('earlier'));
      const { text, values } = insert('later');
      return (await sql.run(text, values)).insertId;
    });
    expect(await database().sql.rows('SELECT name FROM application WHERE id = ?', [id])).toEqual([
      { name: 'later' },
    ]);
  });

  test('keeps nothing when the work fails', async () => {
    const failing = database().sqlTransaction(async (sql) => {
      await sql.batch([put('one')]);
      sql.defer(put('two'));
      throw new RangeError('on purpose');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await names()).toEqual([]);
  });

  test('keeps nothing when what was put off fails, and says why', async () => {
    const failing = database().sqlTransaction(async (sql) => {
      await sql.batch([put('one')]);
      sql.defer(put('two'), put('one'), put('three'));
    });
    expect(await failing.catch(isDuplicate)).toBe(true);
    expect(await names()).toEqual([]);
  });

  test('leaves the connection as it was after a failure', async () => {
    await database()
      .sqlTransaction(async (sql) => sql.defer(put('one'), put('one')))
      .catch(() => undefined);
    // at once, so that MySQL's pool gives out the connection that failed, and others
    await Promise.all(
      Array.from({ length: 16 }, (_, index) => database().write((sql) => sql.batch([put(`n${index}`)]))),
    );
    expect(await names()).toHaveLength(16);
  });

  test('binds values as they are, also next to the end of a statement', async () => {
    const value = "'); DELETE FROM setting; -- \\ ? ' \" ";
    await database().sqlTransaction(async (sql) => sql.defer(put('one', value), put('two', "\\'")));
    expect(await database().sql.rows('SELECT name, value FROM setting ORDER BY name')).toEqual([
      { name: 'one', value },
      { name: 'two', value: "\\'" },
    ]);
  });
});
