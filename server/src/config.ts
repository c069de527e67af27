import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { MysqlTarget } from './database/mysql/mysqlOptions';
import { type PushHostPolicy, parsePushHosts } from './egress/pushHostPolicy';
import { defaultOperationLimits, isOperation, type OperationLimits } from './model/operation';
import { logLevels } from './observe/log';
import { readAmqpUrl } from './queue/amqp/amqpUrl';
import { readSettingFiles } from './settingFiles';
import { brokenRules } from './settingRules';
import { readCaFile, readDatabaseUrl, readPublicUrl, readVapidSubject } from './settingValues';

/*
 * The only reader of the environment. In: process.env. Out: one frozen Config, or ConfigError with one
 * sentence per fault. Called by commands/, handed to processes/.
 */

/** The settings are unusable; `faults` holds one sentence for each variable at fault. */
export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(
      `The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

export type Role = 'all' | 'api' | 'worker';

export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Whether the port was set; a worker listens only then, for its health and metrics. */
  readonly portGiven: boolean;
  /** Where browsers and service workers reach this server: the base of receipt URLs. */
  readonly publicUrl: string;
  readonly database: { readonly kind: 'sqlite'; readonly file: string } | MysqlTarget;
  readonly amqpUrl: string | undefined;
  /** Trusted for an `amqps:` broker instead of the authorities that Node brings along. */
  readonly amqpCaFile: string | undefined;
  readonly queuePrefix: string;
  readonly dataDir: string;
  readonly adminKey: string | undefined;
  /** Undefined: generated into the data directory at first start. */
  readonly secret: string | undefined;
  /** What the secret was before: opens what has not been sealed anew yet. */
  readonly secretPrevious: string | undefined;
  readonly vapidSubject: string;
  readonly pushHosts: PushHostPolicy;
  readonly pushCaFile: string | undefined;
  readonly logLevel: (typeof logLevels)[number];
  /** Dispatches that one worker holds at a time, per lane. */
  readonly prefetch: number;
  /** Threads of a worker that encrypt broadcasts; 0: its event loop does. */
  readonly encryptionThreads: number;
  /** A dispatch whose worker is silent for this long is given to another. */
  readonly leaseSeconds: number;
  readonly rateLimits: {
    readonly perKey: number;
    readonly perAddress: number;
    readonly subscribesPerAddress: number;
    readonly perOperation: OperationLimits;
  };
  /** Browsers that one user may register with publishable keys. */
  readonly subscriptionsPerUser: number;
  /** Live push subscriptions of an application; 0: any number. */
  readonly subscriptionsMost: number;
  /** That the pages of an application may add in an hour; 0: any number. */
  readonly newSubscriptionsPerHour: number;
  /** How long finished notifications and retired push subscriptions are kept; 0: for ever. */
  readonly retentionDays: number;
  /** How long counts of outcomes are kept; 0: for ever. */
  readonly statisticsDays: number;
  /** Proxies in front of the API that append to X-Forwarded-For. */
  readonly trustedProxies: number;
  /** How many WebSockets one API process holds. */
  readonly webSockets: {
    /** Of callers with a secret key: in all, and of one application. */
    readonly secret: number;
    readonly secretPerApplication: number;
    /** That have not sent a valid key yet. */
    readonly pending: number;
  };
  /** Web pages may send the SDK's GraphQL documents only. */
  readonly onlyKnownDocuments: boolean;
  /** Connections to the API at a time, WebSockets among them. */
  readonly maxConnections: number;
  /** How long a stopping API process goes on serving while it says that it is not ready. */
  readonly drainSeconds: number;
  /** How long an idle connection is kept. */
  readonly keepAliveSeconds: number;
  /** A proxy variable is set, which Fanfare does not follow: a proxy would resolve names by itself. */
  readonly proxyIgnored: boolean;
}

const adminKey = /^fs_[A-Za-z0-9_-]{20,200}$/;

/** One sentence for whatever is wrong with a number. */
function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message);
}

/** The event loop keeps two threads busy at the most, and a single core is its own. */
const usefulThreads = Math.min(2, availableParallelism() - 1);

const flag = z.enum(['true', 'false'], 'must be true or false');
const perMinute = wholeNumber(1, 10_000_000);

/** `sendNotification=6000, exportPerson=60` */
const operationLimits = z.string().transform((text, context): OperationLimits => {
  const limits: Record<string, number> = {};
  for (const entry of text.split(',').filter((part) => part.trim() !== '')) {
    const [name = '', number = ''] = entry.split('=').map((part) => part.trim());
    const limit = perMinute.safeParse(number);
    if (isOperation(name) && limit.success) limits[name] = limit.data;
    else
      context.addIssue(
        `"${entry.trim()}" must be a query or mutation of the schema and a number from 1 to 10000000: sendNotification=6000`,
      );
  }
  return limits;
});

/** @param read throws Error with the reason why a text is refused */
function readBy<Value>(read: (text: string) => Value) {
  return z.string().transform((text, context): Value => {
    try {
      return read(text);
    } catch (fault) {
      context.addIssue((fault as Error).message);
      return z.NEVER;
    }
  });
}

const environment = z.object({
  NODE_ENV: z.string().optional(),
  FANFARE_HOST: z.string().min(1).default('127.0.0.1'),
  FANFARE_PORT: wholeNumber(0, 65535).optional(),
  FANFARE_PUBLIC_URL: readBy(readPublicUrl).optional(),
  FANFARE_DATABASE_URL: readBy(readDatabaseUrl).optional(),
  FANFARE_DATABASE_CA_FILE: readBy(readCaFile).optional(),
  FANFARE_AMQP_URL: readBy(readAmqpUrl).optional(),
  FANFARE_AMQP_CA_FILE: readBy(readCaFile).optional(),
  FANFARE_QUEUE_PREFIX: z
    .string()
    .regex(/^[a-z0-9.-]{1,40}$/, 'must be 1 to 40 of a-z 0-9 . -')
    .default('fanfare'),
  FANFARE_DATA_DIR: z.string().min(1).default('./data'),
  FANFARE_ADMIN_KEY: z.string().regex(adminKey, 'must be fs_ and at least 20 of A-Z a-z 0-9 _ -').optional(),
  FANFARE_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  FANFARE_SECRET_PREVIOUS: z.string().min(32, 'must have at least 32 characters').optional(),
  FANFARE_RETENTION_DAYS: wholeNumber(0, 3650).default(90),
  FANFARE_STATISTICS_DAYS: wholeNumber(0, 3650).default(400),
  FANFARE_VAPID_SUBJECT: readBy(readVapidSubject).optional(),
  FANFARE_PUSH_HOSTS: z.string().default(''),
  FANFARE_ALLOW_PRIVATE_PUSH_HOSTS: flag.default('false'),
  FANFARE_PUSH_CA_FILE: readBy(readCaFile).optional(),
  FANFARE_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  FANFARE_PREFETCH: wholeNumber(1, 100).default(8),
  FANFARE_ENCRYPTION_THREADS: wholeNumber(0, 16).optional(),
  FANFARE_REQUESTS_PER_MINUTE: perMinute.default(60000),
  FANFARE_REQUESTS_PER_MINUTE_PER_ADDRESS: perMinute.default(600),
  FANFARE_SUBSCRIBES_PER_MINUTE_PER_ADDRESS: perMinute.default(60),
  FANFARE_OPERATIONS_PER_MINUTE: operationLimits.optional(),
  FANFARE_SUBSCRIPTIONS_PER_USER: wholeNumber(1, 100_000).default(100),
  FANFARE_SUBSCRIPTIONS_PER_APPLICATION: wholeNumber(0, 1_000_000_000).default(5000000),
  FANFARE_NEW_SUBSCRIPTIONS_PER_HOUR: wholeNumber(0, 1_000_000_000).default(50000),
  FANFARE_TRUSTED_PROXIES: wholeNumber(0, 10).default(0),
  FANFARE_MAX_WEBSOCKETS: wholeNumber(1, 100_000).default(2000),
  FANFARE_MAX_WEBSOCKETS_PER_APPLICATION: wholeNumber(1, 100_000).optional(),
  FANFARE_MAX_PENDING_WEBSOCKETS: wholeNumber(1, 100_000).default(200),
  FANFARE_ONLY_KNOWN_DOCUMENTS: flag.default('false'),
  FANFARE_MAX_CONNECTIONS: wholeNumber(10, 1_000_000).default(4000),
  FANFARE_DRAIN_SECONDS: wholeNumber(0, 15).optional(),
  FANFARE_KEEP_ALIVE_SECONDS: wholeNumber(1, 3_600).default(75),
  HTTPS_PROXY: z.string().optional(),
  https_proxy: z.string().optional(),
  FANFARE_LEASE_SECONDS: wholeNumber(2, 600).default(30),
  // settingFiles.ts puts what they hold into the variables without _FILE
  FANFARE_SECRET_FILE: z.string().optional(),
  FANFARE_SECRET_PREVIOUS_FILE: z.string().optional(),
  FANFARE_ADMIN_KEY_FILE: z.string().optional(),
  FANFARE_DATABASE_URL_FILE: z.string().optional(),
  FANFARE_AMQP_URL_FILE: z.string().optional(),
});

/** Every variable that is read. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

type Environment = z.infer<typeof environment>;

/**
 * Reads and checks the settings.
 * @param env the process environment; a variable set to the empty string counts as unset
 * @throws ConfigError naming every fault at once
 */
export function readConfig(env: Record<string, string | undefined>, role: Role = 'all'): Config {
  const files = readSettingFiles(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  const given = files.settings;
  const parsed = environment.safeParse(given);
  const issues = parsed.error?.issues ?? [];
  const faulty = new Set([...files.faults.keys(), ...issues.map((issue) => String(issue.path[0]))]);
  // what is right by itself is looked at together, so that one start tells of all there is to mend
  const settings = parsed.data ?? environment.parse(without(given, faulty));
  const faults = [
    ...files.faults.values(),
    ...issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...brokenRules(settings, role, faulty),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(toConfig(settings));
}

function without(given: Record<string, string | undefined>, names: ReadonlySet<string>) {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name)));
}

/** A single process has no other process that could take its callers, and its successor waits until it ends. */
function usualDrainSeconds({ NODE_ENV, FANFARE_AMQP_URL }: Environment): number {
  return NODE_ENV === 'production' && FANFARE_AMQP_URL !== undefined ? 5 : 0;
}

function webSocketLimits(settings: Environment): Config['webSockets'] {
  const secret = settings.FANFARE_MAX_WEBSOCKETS;
  return {
    secret,
    secretPerApplication: settings.FANFARE_MAX_WEBSOCKETS_PER_APPLICATION ?? Math.ceil(secret / 4),
    pending: settings.FANFARE_MAX_PENDING_WEBSOCKETS,
  };
}

function toConfig(settings: Environment): Config {
  const dataDir = settings.FANFARE_DATA_DIR;
  const port = settings.FANFARE_PORT ?? 4000;
  const url = settings.FANFARE_DATABASE_URL ?? `sqlite:${dataDir}/fanfare.db`;
  return {
    production: settings.NODE_ENV === 'production',
    host: settings.FANFARE_HOST,
    port,
    portGiven: settings.FANFARE_PORT !== undefined,
    publicUrl: settings.FANFARE_PUBLIC_URL ?? `http://localhost:${port}`,
    database: url.startsWith('sqlite:')
      ? { kind: 'sqlite', file: url.slice('sqlite:'.length) }
      : { kind: 'mysql', url, caFile: settings.FANFARE_DATABASE_CA_FILE },
    amqpUrl: settings.FANFARE_AMQP_URL,
    amqpCaFile: settings.FANFARE_AMQP_CA_FILE,
    queuePrefix: settings.FANFARE_QUEUE_PREFIX,
    dataDir,
    adminKey: settings.FANFARE_ADMIN_KEY,
    secret: settings.FANFARE_SECRET,
    secretPrevious: settings.FANFARE_SECRET_PREVIOUS,
    retentionDays: settings.FANFARE_RETENTION_DAYS,
    statisticsDays: settings.FANFARE_STATISTICS_DAYS,
    vapidSubject: settings.FANFARE_VAPID_SUBJECT ?? 'mailto:development@fanfare.example',
    pushHosts: parsePushHosts(settings.FANFARE_PUSH_HOSTS),
    pushCaFile: settings.FANFARE_PUSH_CA_FILE,
    logLevel: settings.FANFARE_LOG_LEVEL,
    prefetch: settings.FANFARE_PREFETCH,
    encryptionThreads: settings.FANFARE_ENCRYPTION_THREADS ?? usefulThreads,
    leaseSeconds: settings.FANFARE_LEASE_SECONDS,
    rateLimits: {
      perKey: settings.FANFARE_REQUESTS_PER_MINUTE,
      perAddress: settings.FANFARE_REQUESTS_PER_MINUTE_PER_ADDRESS,
      subscribesPerAddress: settings.FANFARE_SUBSCRIBES_PER_MINUTE_PER_ADDRESS,
      perOperation: { ...defaultOperationLimits, ...settings.FANFARE_OPERATIONS_PER_MINUTE },
    },
    subscriptionsPerUser: settings.FANFARE_SUBSCRIPTIONS_PER_USER,
    subscriptionsMost: settings.FANFARE_SUBSCRIPTIONS_PER_APPLICATION,
    newSubscriptionsPerHour: settings.FANFARE_NEW_SUBSCRIPTIONS_PER_HOUR,
    trustedProxies: settings.FANFARE_TRUSTED_PROXIES,
    maxConnections: settings.FANFARE_MAX_CONNECTIONS,
    webSockets: webSocketLimits(settings),
    drainSeconds: settings.FANFARE_DRAIN_SECONDS ?? usualDrainSeconds(settings),
    keepAliveSeconds: settings.FANFARE_KEEP_ALIVE_SECONDS,
    onlyKnownDocuments: settings.FANFARE_ONLY_KNOWN_DOCUMENTS === 'true',
    proxyIgnored: Boolean(settings.HTTPS_PROXY ?? settings.https_proxy),
  };
}
