import { toBuffer } from '../../database/entities/columns';
import type { Database } from '../../database/openDatabase';
import type { Audience } from '../../model/audience';
import type { PersonHashes } from '../../secrets/personHashes';
import type { ErasedPerson } from './revocation';

const pageRows = 1_000;

interface Person {
  readonly applicationId: number;
  readonly userId: string;
}

/**
 * Those among these people whom the database knows: by a push subscription, or by a notification that names them. Not
 * those who had been forgotten by the time of the backup already: they have come back since.
 */
export async function findPeople(
  { database, personHashes }: { database: Database; personHashes: PersonHashes },
  people: readonly ErasedPerson[],
): Promise<Person[]> {
  const found: Person[] = [];
  for (const applicationId of new Set(people.map((person) => person.applicationId))) {
    const known = await erasuresOf(database, applicationId);
    const wanted = wantedOf(
      people.filter(({ user, ...person }) => {
        if (person.applicationId !== applicationId) return false;
        return 'id' in user || (known.get(user.hash.toString('hex')) ?? 0) < user.erasedAt;
      }),
    );
    const isWanted = (userId: string) =>
      wanted.ids.has(userId) ||
      (wanted.hashes.size > 0 &&
        personHashes
          .allHashes(applicationId, userId)
          .some((each) => wanted.hashes.has(each.toString('hex'))));
    const userIds = new Set<string>();
    for await (const some of knownUsers(database, applicationId)) {
      for (const userId of some) if (isWanted(userId)) userIds.add(userId);
    }
    found.push(...[...userIds].map((userId) => ({ applicationId, userId })));
  }
  return found;
}

/** When each was forgotten, by the hash in hex. */
async function erasuresOf(database: Database, applicationId: number): Promise<Map<string, number>> {
  const rows = await database.sql.rows<{ userHash: ArrayBuffer | Buffer; erasedAt: number }>(
    'SELECT userHash, erasedAt FROM erased_person WHERE applicationId = ?',
    [applicationId],
  );
  return new Map(rows.map(({ userHash, erasedAt }) => [toBuffer(userHash).toString('hex'), erasedAt]));
}

function wantedOf(people: readonly ErasedPerson[]): { ids: Set<string>; hashes: Set<string> } {
  return {
    ids: new Set(people.flatMap(({ user }) => ('id' in user ? user.id : []))),
    hashes: new Set(people.flatMap(({ user }) => ('hash' in user ? user.hash.toString('hex') : []))),
  };
}

/** Everybody, some at a time; a user may come more than once. */
async function* knownUsers(database: Database, applicationId: number): AsyncGenerator<string[]> {
  for (let after = ''; ; ) {
    const rows = await database.sql.rows<{ userId: string }>(
      `SELECT DISTINCT userId FROM push_subscription WHERE applicationId = ? AND userId > ?
       ORDER BY userId LIMIT ${pageRows}`,
      [applicationId, after],
    );
    yield rows.map(({ userId }) => userId);
    const last = rows.at(-1);
    if (!last) break;
    after = last.userId;
  }
  for (let after = 0; ; ) {
    const rows = await database.sql.rows<{ id: number; audience: string }>(
      `SELECT id, audience FROM notification WHERE applicationId = ? AND id > ? AND INSTR(audience, '"userIds":[') > 0
       ORDER BY id LIMIT ${pageRows}`,
      [applicationId, after],
    );
    yield rows.flatMap(({ audience }) => (JSON.parse(audience) as Audience).userIds ?? []);
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
}
