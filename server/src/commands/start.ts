import { join } from 'node:path';
import { type Config, type Role, readConfig } from '../config';
import { createPrivateFolder } from '../database/createPrivateFolder';
import type { LocalPushService } from '../localPushService/localPushService';
import { startLocalPushService } from '../localPushService/startLocalPushService';
import { createLog, type Log } from '../observe/log';
import { type Fanfare, startFanfare } from '../processes/startFanfare';
import { tuneGarbageCollector } from '../processes/tuneGarbageCollector';
import { localReceiptsNote, unprovenUsersNote } from './settingNotes';
import { untilSignal } from './untilSignal';

/** The local push service listens on the port beside the API's. */
const pushServicePortOffset = 1;

/** `fanfare start`: runs until SIGTERM or SIGINT, then settles what is under way and exits 0. */
export async function start(options: { role: Role; pushService: boolean }): Promise<void> {
  tuneGarbageCollector();
  const config = readConfig(process.env, options.role);
  const log = createLog(config.logLevel, { role: options.role });
  const note = options.role === 'worker' ? undefined : localReceiptsNote(config);
  if (note !== undefined) log.warn(note);
  if (usesDataDir(config)) createPrivateFolder(config.dataDir);
  const local = await startLocal(config, options, log);
  const localPushHosts = local ? [`localhost:${local.port}`, `127.0.0.1:${local.port}`] : [];
  const fanfare = await startFanfare({ config, role: options.role, log, localPushHosts });
  if (config.production && fanfare.installation.acceptsUnprovenUsers) log.warn(unprovenUsersNote);
  // an API accepts without the broker, a worker can do nothing
  const ready = options.role === 'worker' ? fanfare.queueConnected : Promise.resolve();
  void ready.then(() => announce(options.role, fanfare, local));
  let isOwner = true;
  const stop = async () => {
    await fanfare.stop(isOwner);
    await local?.stop();
  };
  const lost = fanfare.claimLost.then(() => {
    isOwner = false;
    return 'another process works on this database now: this one ends';
  });
  await untilSignal(log, stop, lost);
}

/** A process of a distributed installation keeps nothing on its disk, which may be read-only. */
function usesDataDir({ database, secret, production }: Config): boolean {
  return database.kind === 'sqlite' || secret === undefined || !production;
}

/** In development a browser without access to the internet can subscribe too. */
async function startLocal(
  config: Config,
  options: { role: Role; pushService: boolean },
  log: Log,
): Promise<LocalPushService | undefined> {
  if (config.production || options.role !== 'all' || !options.pushService) return undefined;
  try {
    return await startLocalPushService({
      port: config.port === 0 ? 0 : config.port + pushServicePortOffset,
      stateFile: join(config.dataDir, 'push-service.json'),
      log,
    });
  } catch (error) {
    log.warn({ err: error }, 'the local push service could not start; browsers use their own');
    return undefined;
  }
}

function announce(role: Role, fanfare: Fanfare, local: LocalPushService | undefined): void {
  const lines = fanfare.url ? ['Fanfare is ready', '', ...addressLines(role, fanfare)] : [];
  if (local) lines.push(`  Push service  ${local.url} (local, for development)`);
  const { demoKeys } = fanfare.installation;
  if (fanfare.url && demoKeys) lines.push('', `  Publishable key  ${demoKeys.publishableKey}`);
  if (fanfare.installation.newAdminKey) {
    lines.push(
      `  Admin key        ${fanfare.installation.newAdminKey}`,
      '                   (shown this once: keep it)',
    );
  }
  if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n\n`);
}

/** A worker serves nothing but its health, at the address it is bound to; the API is where browsers reach it. */
function addressLines(role: Role, fanfare: Fanfare): string[] {
  const url = role === 'worker' ? fanfare.url : fanfare.publicUrl;
  const health = `  Health        ${url}/healthz  /readyz  /metrics`;
  if (role === 'worker') return [health];
  const demo = fanfare.installation.demoKeys ? [`  Demo          ${url}/demo/`] : [];
  return [
    `  Console       ${url}/console/`,
    `  GraphQL       ${url}/graphql`,
    `  Playground    ${url}/playground/`,
    ...demo,
    health,
  ];
}
