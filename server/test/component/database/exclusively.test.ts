/** What one process does alone among all on its database, as migrating is. */
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { describeWith } from '../../support/engines/available';
import { type FreshDatabase, freshMysql } from '../../support/engines/freshDatabase';

describeWith('mysql', 'what one process does alone', () => {
  const all: FreshDatabase[] = [];
  const opened: Database[] = [];

  const fresh = async () => {
    const made = await freshMysql();
    all.push(made);
    return made;
  };
  const open = async ({ target }: FreshDatabase) => {
    const database = await openDatabase(target);
    opened.push(database);
    return database;
  };

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await Promise.all(all.splice(0).map((database) => database.drop()));
  });

  test('keeps others on the same database waiting, and no installation beside it on the server', async () => {
    const ours = await fresh();
    const [one, other, neighbour] = [await open(ours), await open(ours), await open(await fresh())];
    const done: string[] = [];
    const alone = (database: Database, name: string) =>
      database.exclusively(async () => void done.push(name));
    let waiting: Promise<void> = Promise.resolve();
    await one.exclusively(async () => {
      waiting = alone(other, 'other');
      await alone(neighbour, 'neighbour');
      // had the other been let in, it would be by now
      await alone(neighbour, 'neighbour again');
      done.push('one');
    });
    await waiting;
    expect(done).toEqual(['neighbour', 'neighbour again', 'one', 'other']);
  });
});
