import { dirname } from 'node:path';
import { createPrivateFile } from '../createPrivateFile';
import { createPrivateFolder } from '../createPrivateFolder';

/**
 * Claims a SQLite database for this process, as the only one that works on it; commands beside it are not kept out.
 * The claim is a lock of the operating system on a file of its own (`<file>-owner`), so that none is left behind by a
 * process that was killed.
 * @returns what gives it back; undefined while another process has it
 */
export async function claimSqliteFile(file: string): Promise<(() => void) | undefined> {
  const { LibsqlDriver } = await import('./libsqlDriver.js');
  const owner = `${file}-owner`;
  createPrivateFolder(dirname(file));
  createPrivateFile(owner);
  const connection = new LibsqlDriver(owner);
  try {
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
  return () => connection.close();
}
