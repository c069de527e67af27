import type { Config } from '../config';
import { databaseErrorCode } from '../database/faults';
import { NewerSchema } from '../database/migrations/newerSchema';

interface SystemFault {
  readonly code: string;
  readonly syscall: string | undefined;
  readonly path: string | undefined;
  readonly hostname: string | undefined;
}

const addressFaults: Record<string, (config: Config) => string> = {
  EADDRINUSE: ({ host, port }) =>
    `FANFARE_PORT: another program listens at ${host}:${port}; choose another port, or end that program.`,
  EACCES: ({ port }) => `FANFARE_PORT: this user may not listen at port ${port}; choose one above 1023.`,
  EADDRNOTAVAIL: ({ host }) => `FANFARE_HOST: ${host} is no address of this machine.`,
  ENOTFOUND: ({ host }) => `FANFARE_HOST: there is no address for the name ${host}.`,
  EAI_AGAIN: ({ host }) => `FANFARE_HOST: there is no address for the name ${host}.`,
};

const fileFaults: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
  EISDIR: 'there is a folder where a file should be',
  ENOENT: 'it cannot be made there',
  ENOSPC: 'the disk is full',
  ELOOP: 'its symbolic links go round in a circle',
  ENAMETOOLONG: 'the path is too long',
};

const databaseFaults: Record<string, string> = {
  ER_ACCESS_DENIED_ERROR:
    'the server refuses this user and password, or accepts the user over TLS only (FANFARE_DATABASE_CA_FILE)',
  ER_SECURE_TRANSPORT_REQUIRED: 'the server accepts connections over TLS only; set FANFARE_DATABASE_CA_FILE',
  HANDSHAKE_NO_SSL_SUPPORT: 'TLS is required, and the server does not offer it',
  HANDSHAKE_SSL_ERROR:
    'the certificate of the server is not trusted, or not for this host; see FANFARE_DATABASE_CA_FILE',
  ER_DBACCESS_DENIED_ERROR: 'this user may not use this database',
  ER_BAD_DB_ERROR: 'the server has no database of this name; create it first',
  ENOTFOUND: 'there is no address for its host',
  EAI_AGAIN: 'no name server can tell the address of its host',
  EHOSTUNREACH: 'its host cannot be reached from here',
  ENETUNREACH: 'its host cannot be reached from here',
  ETIMEDOUT: 'nothing answers at its host and port',
  ECONNREFUSED: 'nothing listens at its host and port',
  ER_DISK_FULL: 'the disk of the server is full',
  ER_RECORD_FILE_FULL: 'the server has no room for its tables',
};

const databaseFileFaults: Record<string, string> = {
  SQLITE_FULL: 'the disk is full',
  SQLITE_NOTADB: 'the file is not an SQLite database',
  SQLITE_CANTOPEN: 'the file cannot be opened',
  SQLITE_READONLY: 'the file is read-only',
};

/**
 * What an operator has to change so that a start or command that failed like this succeeds.
 * @returns one sentence that begins with the variable; undefined when no setting is to blame
 */
export function settingAtFault(error: unknown, config: Config): string | undefined {
  if (error instanceof NewerSchema) {
    return `FANFARE_DATABASE_URL: ${error.message} Start that version, or restore the backup that was made before the upgrade.`;
  }
  const fault = readFault(error);
  if (fault.syscall === 'listen' || (fault.syscall === 'getaddrinfo' && fault.hostname === config.host)) {
    return addressFaults[fault.code]?.(config);
  }
  const why = fileFaults[fault.code];
  if (fault.path !== undefined && why !== undefined) return fileSentence(fault.path, why, config);
  const unusable = databaseFileFaults[fault.code];
  if (unusable !== undefined && config.database.kind === 'sqlite') {
    return fileSentence(config.database.file, unusable, config);
  }
  const refused = databaseFaults[fault.code];
  return refused && `FANFARE_DATABASE_URL: ${refused}.`;
}

function fileSentence(path: string, why: string, { database, dataDir }: Config): string {
  const isDatabase = database.kind === 'sqlite' && database.file !== `${dataDir}/fanfare.db`;
  if (isDatabase && path.startsWith(database.file)) return `FANFARE_DATABASE_URL: ${path}: ${why}.`;
  return `FANFARE_DATA_DIR: ${path}: ${why}.`;
}

function readFault(error: unknown): SystemFault {
  const field = (name: string) =>
    typeof error === 'object' && error !== null && name in error
      ? String((error as Record<string, unknown>)[name])
      : undefined;
  return {
    code: databaseErrorCode(error),
    ...{ syscall: field('syscall'), path: field('path'), hostname: field('hostname') },
  };
}
