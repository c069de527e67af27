import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readMysqlUrl } from './database/mysql/mysqlOptions';
import { parseUrl } from './model/url/parseUrl';

/*
 * Readers for settings that are URLs or files. Each gives the value that is used afterwards, so that nothing is used that was
 * not checked. Throws Error with the reason.
 */

/** @returns the address without a slash at its end, a host with other than ASCII letters in punycode */
export function readPublicUrl(text: string): string {
  const url = parseUrl(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new Error('must be an http or https URL, for example https://push.example.com');
  }
  if (url.username || url.password) throw new Error('must not contain a user name or password');
  if (/[?#]/.test(text)) throw new Error('must not have a query or a fragment');
  if (/\/graphql\/*$/i.test(url.pathname)) {
    throw new Error('must not end in /graphql: give the address below which /graphql is found');
  }
  let end = url.href.length;
  while (url.href[end - 1] === '/') end -= 1;
  return url.href.slice(0, end);
}

const subjectForm = 'must be mailto:name@domain or https://domain with a public domain, without spaces or <>';

/** Push services refuse tokens whose `sub` is not a public address (Apple: no localhost, spaces or brackets). */
export function readVapidSubject(text: string): string {
  const subject = /[\s<>]/.test(text) ? undefined : (readMailto(text) ?? readHttps(text));
  if (subject === undefined) throw new Error(subjectForm);
  return subject;
}

function readMailto(text: string): string | undefined {
  const [, name, domain] = /^mailto:([\x21-\x7e]+)@([^@/?#:]+)$/i.exec(text) ?? [];
  const url = name?.includes('@') ? undefined : parseUrl(`https://${domain}`);
  return url && isPublicDomain(url.hostname) ? `mailto:${name}@${url.hostname}` : undefined;
}

function readHttps(text: string): string | undefined {
  const url = parseUrl(text);
  const usable = url?.protocol === 'https:' && url.username === '' && url.password === '';
  return usable && isPublicDomain(url.hostname) ? url.href : undefined;
}

/** A name with a dot; a name that ends in a number would be an IP address. */
function isPublicDomain(hostname: string): boolean {
  const labels = hostname.split('.');
  const last = labels.at(-1) ?? '';
  return (
    labels.length > 1 &&
    labels.every((label) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label)) &&
    /^[a-z]/.test(last) &&
    !['localhost', 'local', 'localdomain', 'internal'].includes(last)
  );
}

/** @returns the URL as it was given: `database/mysqlOptions` reads it again, for every connection alike */
export function readDatabaseUrl(text: string): string {
  if (!text.startsWith('sqlite:')) {
    readMysqlUrl(text);
    return text;
  }
  if (text === 'sqlite:')
    throw new Error('must be sqlite:<file> or mysql://user:password@host:3306/database');
  if (text.includes('?')) throw new Error('SQLite takes no parameters: write sqlite:<file>');
  return text;
}

const certificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** @returns the name of the file, which holds certificates only that can be read */
export function readCaFile(file: string): string {
  const text = read(file);
  const certificates = text.match(certificate) ?? [];
  try {
    for (const each of certificates) new X509Certificate(each);
  } catch {
    throw new Error(`${file} does not contain a valid PEM certificate`);
  }
  if (certificates.length === 0) throw new Error(`${file} does not contain a valid PEM certificate`);
  return file;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${file} cannot be read`);
  }
}
