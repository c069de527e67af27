import { X509Certificate } from 'node:crypto';
import { resolveMx } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { type Config, settingNames } from '../../config';
import { isLoopbackHost } from '../../model/url/loopbackHost';
import { settingNotes } from '../settingNotes';
import { addressesOf } from './addressesOf';
import { type Finding, fault, note, ok } from './finding';

/** Settings that are valid but probably not intended, or without effect. */
export async function checkSettings(
  config: Config,
  env: Record<string, string | undefined>,
): Promise<Finding[]> {
  return [
    ...settingNotes(config).map(note),
    ...unknownSettings(env).map(note),
    ...insecurePublicUrl(config),
    ...certificates('FANFARE_PUSH_CA_FILE', config.pushCaFile),
    ...certificates('FANFARE_AMQP_CA_FILE', config.amqpCaFile),
    ...certificates('FANFARE_DATABASE_CA_FILE', databaseCaFile(config)),
    ...(await subjectDomain(config)),
  ];
}

/** Names that begin like a setting but are not one: a misspelt setting leaves the default in force. */
function unknownSettings(env: Record<string, string | undefined>): string[] {
  const known = new Set<string>(settingNames);
  return Object.keys(env)
    .filter((name) => name.startsWith('FANFARE_') && !known.has(name))
    .map((name) => `${name}: not a setting of Fanfare; it has no effect.`);
}

function insecurePublicUrl({ publicUrl }: Config): Finding[] {
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:' || isLoopbackHost(hostname)) return [];
  const text = `FANFARE_PUBLIC_URL: ${publicUrl} is plain http: service workers on https pages may not send receipts to it. Put a proxy with TLS in front and give its https address.`;
  return [note(text)];
}

function databaseCaFile({ database }: Config): string | undefined {
  return database.kind === 'mysql' ? database.caFile : undefined;
}

/** @param file PEM, which the configuration has read; undefined: the setting is not used */
function certificates(name: string, file: string | undefined): Finding[] {
  if (file === undefined) return [];
  const blocks = readFileSync(file, 'utf8').match(pemBlock) ?? [];
  const expired = blocks.map((block) => new X509Certificate(block).validTo).filter(isPast);
  return expired.length > 0
    ? expired.map((validTo) => fault(`${name}: a certificate expired on ${validTo}.`))
    : [ok(`${name}: ${blocks.length} certificate(s) can be read.`)];
}

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function isPast(date: string): boolean {
  return Date.parse(date) < Date.now();
}

/** Push services write to the subject when something is wrong with our messages. */
async function subjectDomain({ vapidSubject, production }: Config): Promise<Finding[]> {
  if (!production) return [];
  const domain = vapidSubject.startsWith('mailto:')
    ? vapidSubject.slice(vapidSubject.lastIndexOf('@') + 1)
    : new URL(vapidSubject).hostname;
  const [mail, addresses] = await Promise.all([
    resolveMx(domain).then(
      (hosts) => hosts.length > 0,
      () => false,
    ),
    addressesOf(domain),
  ]);
  if (mail || addresses.length > 0) return [];
  return [
    note(`FANFARE_VAPID_SUBJECT: the domain ${domain} is not in DNS; push services could not reach you.`),
  ];
}
