import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseUrl } from '../../model/url/parseUrl';

/** A MySQL or MariaDB database as the settings name it. */
export interface MysqlTarget {
  readonly kind: 'mysql';
  /** FANFARE_DATABASE_URL. */
  readonly url: string;
  /** FANFARE_DATABASE_CA_FILE. */
  readonly caFile?: string | undefined;
}

/** What every connection to the server is made with. */
export interface MysqlOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Undefined: without TLS. */
  readonly ssl: MysqlTls | undefined;
}

interface MysqlTls {
  readonly minVersion: 'TLSv1.2';
  readonly rejectUnauthorized: true;
  readonly verifyIdentity: true;
  /** Undefined: the authorities that Node brings along. */
  readonly ca: string | undefined;
}

interface MysqlUrl extends Omit<MysqlOptions, 'ssl'> {
  readonly requiresTls: boolean;
}

const usualPort = 3306;

/** The one place that says how a target is connected to: TypeORM's pool and our own connections use it. */
export function mysqlOptions({ url, caFile }: MysqlTarget): MysqlOptions {
  const { requiresTls, ...address } = readMysqlUrl(url);
  if (!requiresTls && caFile === undefined) return { ...address, ssl: undefined };
  const ca = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
  return { ...address, ssl: { minVersion: 'TLSv1.2', rejectUnauthorized: true, verifyIdentity: true, ca } };
}

/**
 * Reads `mysql://user:password@host:port/database`, with `?ssl=required` or without.
 * @throws Error with the reason why it cannot be used
 */
export function readMysqlUrl(text: string): MysqlUrl {
  if (!parseUrl(text)) throw new Error(urlForm);
  const url = new URL(text);
  const database = decode(url.pathname.slice(1));
  if (url.protocol !== 'mysql:' || url.hostname === '' || database === '') throw new Error(urlForm);
  if (url.hash !== '') throw new Error('has a # that is not written as %23');
  const requiresTls = readParameters(url);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || usualPort),
    user: decode(url.username),
    password: decode(url.password),
    ...{ database, requiresTls },
  };
}

const urlForm = 'must be sqlite:<file> or mysql://user:password@host:3306/database';

/** @throws Error when TLS could not check the server's identity: certificates are for names, not for IP addresses */
export function refuseAddressWithTls({ host }: MysqlUrl): void {
  if (isIP(host) !== 0) {
    throw new Error('must have the name of the host in the certificate of the server, not an IP address');
  }
}

function readParameters({ searchParams }: URL): boolean {
  for (const [name, value] of searchParams) {
    if (name !== 'ssl') throw new Error(`has the unknown parameter "${name}"; only ssl=required is allowed`);
    if (value !== 'required') throw new Error('has a value for ssl other than "required"');
  }
  return searchParams.has('ssl');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error('has a % that is not written as %25');
  }
}
