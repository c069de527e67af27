import { readMysqlUrl, refuseAddressWithTls } from './database/mysql/mysqlOptions';
import { parsePushHosts } from './egress/pushHostPolicy';
import { isLoopbackHost } from './model/url/loopbackHost';

/** The settings that have to fit together, as they stand in the environment. */
export interface RuledSettings {
  readonly NODE_ENV?: string | undefined;
  readonly FANFARE_HOST: string;
  readonly FANFARE_PUBLIC_URL?: string | undefined;
  readonly FANFARE_DATABASE_URL?: string | undefined;
  readonly FANFARE_DATABASE_CA_FILE?: string | undefined;
  readonly FANFARE_AMQP_URL?: string | undefined;
  readonly FANFARE_AMQP_CA_FILE?: string | undefined;
  readonly FANFARE_SECRET?: string | undefined;
  readonly FANFARE_VAPID_SUBJECT?: string | undefined;
  readonly FANFARE_PUSH_HOSTS: string;
  readonly FANFARE_ALLOW_PRIVATE_PUSH_HOSTS: string;
  readonly FANFARE_MAX_CONNECTIONS: number;
  readonly FANFARE_MAX_WEBSOCKETS: number;
  readonly FANFARE_MAX_WEBSOCKETS_PER_APPLICATION?: number | undefined;
  readonly FANFARE_MAX_PENDING_WEBSOCKETS: number;
}

interface Rule {
  /** What it looks at: where one of these is at fault by itself, the rule has nothing to say. */
  readonly reads: readonly (keyof RuledSettings)[];
  /** @returns a sentence, or undefined when it is kept */
  readonly fault: (settings: RuledSettings, role: string) => string | undefined;
}

const isSqlite = (settings: RuledSettings) => !settings.FANFARE_DATABASE_URL?.startsWith('mysql:');
const isProduction = (settings: RuledSettings) => settings.NODE_ENV === 'production';

const rules: readonly Rule[] = [
  {
    reads: ['FANFARE_DATABASE_URL', 'FANFARE_AMQP_URL'],
    fault: (settings) =>
      isSqlite(settings) && settings.FANFARE_AMQP_URL
        ? 'FANFARE_AMQP_URL: SQLite serves one process only; use a mysql:// FANFARE_DATABASE_URL with RabbitMQ.'
        : undefined,
  },
  {
    reads: ['FANFARE_DATABASE_URL'],
    fault: (settings, role) =>
      isSqlite(settings) && role !== 'all'
        ? `--role ${role}: SQLite serves one process only; use a mysql:// FANFARE_DATABASE_URL.`
        : undefined,
  },
  {
    reads: ['FANFARE_DATABASE_URL', 'FANFARE_AMQP_URL'],
    fault: (settings, role) =>
      !isSqlite(settings) && role !== 'all' && !settings.FANFARE_AMQP_URL
        ? `FANFARE_AMQP_URL: required with --role ${role}, because separate processes need RabbitMQ between them.`
        : undefined,
  },
  {
    reads: ['FANFARE_DATABASE_URL', 'FANFARE_SECRET'],
    fault: (settings) =>
      !isSqlite(settings) && !settings.FANFARE_SECRET
        ? 'FANFARE_SECRET: required with MySQL, because every process must hold the same one.'
        : undefined,
  },
  {
    reads: ['FANFARE_MAX_CONNECTIONS', 'FANFARE_MAX_WEBSOCKETS', 'FANFARE_MAX_PENDING_WEBSOCKETS'],
    fault: connectionsFault,
  },
  {
    reads: ['FANFARE_MAX_WEBSOCKETS', 'FANFARE_MAX_WEBSOCKETS_PER_APPLICATION'],
    fault: ({ FANFARE_MAX_WEBSOCKETS: all, FANFARE_MAX_WEBSOCKETS_PER_APPLICATION: one }) =>
      one !== undefined && one > all
        ? `FANFARE_MAX_WEBSOCKETS_PER_APPLICATION: must not be more than FANFARE_MAX_WEBSOCKETS (${all}); lower it, or raise that.`
        : undefined,
  },
  {
    reads: ['FANFARE_VAPID_SUBJECT'],
    fault: (settings) =>
      isProduction(settings) && settings.FANFARE_VAPID_SUBJECT === undefined
        ? 'FANFARE_VAPID_SUBJECT: required in production: a mailto: address or https: URL.'
        : undefined,
  },
  // development opens a demo with a secret key, and takes any user that a web page names
  {
    reads: ['FANFARE_PUBLIC_URL'],
    fault: (settings) =>
      isProduction(settings) ||
      isLoopbackHost(new URL(settings.FANFARE_PUBLIC_URL ?? 'http://localhost').hostname)
        ? undefined
        : 'FANFARE_PUBLIC_URL: others can reach this address; set NODE_ENV=production, or leave it unset for development on this machine.',
  },
  {
    reads: ['FANFARE_HOST'],
    fault: (settings, role) =>
      isProduction(settings) || role === 'worker' || isLoopbackHost(settings.FANFARE_HOST)
        ? undefined
        : 'FANFARE_HOST: others can reach this address; set NODE_ENV=production, or leave it unset for development on this machine.',
  },
  { reads: ['FANFARE_PUSH_HOSTS', 'FANFARE_ALLOW_PRIVATE_PUSH_HOSTS'], fault: pushHostFault },
  { reads: ['FANFARE_DATABASE_URL', 'FANFARE_DATABASE_CA_FILE'], fault: databaseTlsFault },
  {
    reads: ['FANFARE_AMQP_URL', 'FANFARE_AMQP_CA_FILE'],
    fault: (settings) =>
      settings.FANFARE_AMQP_CA_FILE && !settings.FANFARE_AMQP_URL?.startsWith('amqps:')
        ? 'FANFARE_AMQP_CA_FILE: TLS needs an amqps:// FANFARE_AMQP_URL.'
        : undefined,
  },
];

/** Otherwise WebSockets could take every connection, and no request would be answered. */
function connectionsFault(settings: RuledSettings): string | undefined {
  const { FANFARE_MAX_WEBSOCKETS: secret, FANFARE_MAX_PENDING_WEBSOCKETS: pending } = settings;
  return settings.FANFARE_MAX_CONNECTIONS > secret + pending
    ? undefined
    : `FANFARE_MAX_CONNECTIONS: must be more than ${secret + pending}, the sum of FANFARE_MAX_WEBSOCKETS (${secret}) and FANFARE_MAX_PENDING_WEBSOCKETS (${pending}); raise it, or lower one of them.`;
}

/**
 * Whether the settings fit together.
 * @param faulty variables that are at fault by themselves
 * @returns one sentence for each rule that is broken
 */
export function brokenRules(settings: RuledSettings, role: string, faulty: ReadonlySet<string>): string[] {
  return rules
    .filter(({ reads }) => !reads.some((name) => faulty.has(name)))
    .flatMap(({ fault }) => fault(settings, role) ?? []);
}

function databaseTlsFault(settings: RuledSettings): string | undefined {
  const { FANFARE_DATABASE_URL: url, FANFARE_DATABASE_CA_FILE: caFile } = settings;
  if (url === undefined || isSqlite(settings)) {
    return (
      caFile && 'FANFARE_DATABASE_CA_FILE: SQLite has no connections; use a mysql:// FANFARE_DATABASE_URL.'
    );
  }
  const target = readMysqlUrl(url);
  try {
    if (target.requiresTls || caFile !== undefined) refuseAddressWithTls(target);
    return undefined;
  } catch (fault) {
    return `FANFARE_DATABASE_URL: ${(fault as Error).message}.`;
  }
}

function pushHostFault(settings: RuledSettings): string | undefined {
  try {
    const { privateHosts } = parsePushHosts(settings.FANFARE_PUSH_HOSTS);
    const permitted = !isProduction(settings) || settings.FANFARE_ALLOW_PRIVATE_PUSH_HOSTS === 'true';
    return privateHosts.length > 0 && !permitted
      ? 'FANFARE_PUSH_HOSTS: host:port entries open private addresses; in production they also need FANFARE_ALLOW_PRIVATE_PUSH_HOSTS=true.'
      : undefined;
  } catch (fault) {
    return `FANFARE_PUSH_HOSTS: ${(fault as Error).message}.`;
  }
}
