import { Setting } from '../../database/entities/setting';
import type { Database } from '../../database/openDatabase';
import { PublicIds } from '../../model/ids/publicIds';
import { Refusal } from '../../model/refusal';

/**
 * The ids of the installation in a database.
 * @throws Refusal NOT_FOUND when it has never been started
 */
export async function publicIdsOf(database: Database): Promise<PublicIds> {
  const salt = await database.entities.findOneBy(Setting, { name: 'idSalt' });
  if (!salt) throw new Refusal('NOT_FOUND', 'There is no installation in this database.');
  return new PublicIds(salt.value);
}
