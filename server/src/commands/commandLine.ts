import { Command, Option } from 'commander';
import { ConfigError, type Role, readConfig } from '../config';
import { platformApplication } from '../model/platformApplication';
import { Refusal } from '../model/refusal';
import { createKey } from './createKey';
import { demo } from './demo';
import { doctor } from './doctor/doctor';
import { generateVapid } from './generateVapid';
import { importVapid } from './importVapid';
import { migrate } from './migrate';
import { resetSecrets } from './resetSecrets/resetSecrets';
import { type RestoredOptions, restored } from './restored/restored';
import { revocations } from './restored/revocations';
import { rotateSecrets } from './rotateSecrets';
import { runPushService } from './runPushService';
import { seed } from './seed';
import { settingAtFault } from './settingAtFault';
import { start } from './start';

/** The `fanfare` program: one sub-command per file. Ends the process with status 1 and one plain message on a fault. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const program = new Command('fanfare').description(
    'Self-hosted GraphQL notification platform for Web Push',
  );
  addServerCommands(program);
  addRestoreCommands(program);
  addKeyCommands(program);
  addToolCommands(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exit(1);
  }
}

function addServerCommands(program: Command): void {
  program
    .command('start')
    .description('run the API, the delivery worker, or both')
    .addOption(
      new Option('--role <role>', 'what this process does').choices(['all', 'api', 'worker']).default('all'),
    )
    .option('--no-push-service', 'in development, do not start the local push service')
    .action((options: { role: Role; pushService: boolean }) => start(options));
  program.command('migrate').description('bring the database up to date').action(migrate);
  program.command('doctor').description('check configuration, database and queue').action(doctor);
}

function addRestoreCommands(program: Command): void {
  program
    .command('revocations')
    .description('print what was revoked, unsubscribed, cancelled and forgotten, to be kept next to backups')
    .requiredOption('--since <time>', 'a date or DateTime before the oldest backup that may be played back')
    .action(revocations);
  program
    .command('restored')
    .description('after a backup was played back, and before a start: give no id out twice')
    .option('--revocations <file>', 'take back again what "fanfare revocations" printed')
    .option('--revoke-all-keys', 'revoke every API key')
    .option('--cancel-pending', 'cancel what was due when the backup was taken')
    .action((options: RestoredOptions) => restored(options));
}

function addKeyCommands(program: Command): void {
  program
    .command('keys')
    .description('API keys')
    .command('create')
    .description('make an API key and print it, once')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(
      new Option('--kind <kind>', 'where it lives').choices(['publishable', 'secret']).default('secret'),
    )
    .option('--scopes <scopes>', 'comma separated, for a secret key', 'notifications:send,notifications:read')
    .action((options: { name: string; kind: 'publishable' | 'secret'; scopes: string }) =>
      createKey(options),
    );
  const secrets = program.command('secrets').description('secrets at rest');
  secrets
    .command('rotate')
    .description('seal with FANFARE_SECRET what FANFARE_SECRET_PREVIOUS sealed')
    .action(rotateSecrets);
  secrets
    .command('reset')
    .description('after the secret was lost: give up what it sealed, and keep the rest')
    .option('--yes', 'do it, instead of saying what would be given up')
    .action((options: { yes?: boolean }) => resetSecrets(options));
  const vapid = program.command('vapid').description('VAPID keys');
  vapid
    .command('generate')
    .description('make a key pair and print it as JSON, for vapid import or another sender')
    .action(generateVapid);
  vapid
    .command('import')
    .description('read a key pair as JSON from standard input; new push subscriptions use it from then on')
    .option('--application <name>', 'whose key it becomes', platformApplication)
    .action((options: { application: string }) => importVapid(options));
}

function addToolCommands(program: Command): void {
  program
    .command('push-service')
    .description('run a local push service that real browsers can subscribe to')
    .option('--port <port>', 'port to listen on', '4001')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--public-origin <origin>', 'origin in the endpoints it hands out')
    .option('--state-file <file>', 'remember browsers across restarts')
    .option('--tls-key <file>', 'PEM private key; with --tls-cert it speaks HTTP/2 over TLS')
    .option('--tls-cert <file>', 'PEM certificate')
    .action(runPushService);
  program
    .command('demo')
    .description('send to three simulated devices and show what they decrypted')
    .action(demo);
  program
    .command('seed')
    .description('in development, fill the database with a believable data set')
    .action(seed);
}

/** Faults that the operator can mend are told in words; anything else is a bug and keeps its stack. */
function describe(error: unknown): string {
  if (error instanceof ConfigError || error instanceof Refusal) return error.message;
  if (!(error instanceof Error)) return String(error);
  const setting = blamedSetting(error);
  if (setting !== undefined) return new ConfigError([setting]).message;
  return 'code' in error
    ? `${error.name}: ${String(error.code)}\n${error.message}`
    : (error.stack ?? error.message);
}

function blamedSetting(error: Error): string | undefined {
  try {
    return settingAtFault(error, readConfig(process.env));
  } catch {
    // a command that needs no configuration
    return undefined;
  }
}
