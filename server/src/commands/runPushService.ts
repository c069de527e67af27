import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createPrivateFolder } from '../database/createPrivateFolder';
import { startLocalPushService } from '../localPushService/startLocalPushService';
import { Refusal } from '../model/refusal';
import { createLog } from '../observe/log';
import { untilSignal } from './untilSignal';

export interface PushServiceOptions {
  readonly port: string;
  readonly host: string;
  readonly publicOrigin?: string;
  readonly stateFile?: string;
  readonly tlsKey?: string;
  readonly tlsCert?: string;
}

/** `fanfare push-service`: an RFC 8030 push service for development and tests, until a signal. */
export async function runPushService(options: PushServiceOptions): Promise<void> {
  const log = createLog('info', { role: 'push-service' });
  const { tlsKey, tlsCert } = options;
  if (options.stateFile !== undefined) createPrivateFolder(dirname(options.stateFile));
  const port = readPort(options.port);
  const service = await startLocalPushService({
    port,
    host: options.host,
    publicOrigin: options.publicOrigin,
    stateFile: options.stateFile,
    tls: tlsKey && tlsCert ? { key: readFileSync(tlsKey), cert: readFileSync(tlsCert) } : undefined,
    log,
  }).catch((error: unknown) => {
    throw portRefusal(error, port) ?? error;
  });
  const host = new URL(service.url).host;
  process.stdout.write(
    [
      `Push service ready at ${service.url}`,
      `  Fanfare: FANFARE_PUSH_HOSTS=${host}`,
      `  Firefox: dom.push.serverURL = ${service.webSocketUrl}`,
      '           dom.push.testing.allowInsecureServerURL = true',
      '',
    ].join('\n'),
  );
  await untilSignal(log, () => service.stop());
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Refusal('BAD_USER_INPUT', `--port: must be a whole number from 0 to 65535, not "${text}".`);
}

function portRefusal(error: unknown, port: number): Refusal | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new Refusal('BAD_USER_INPUT', `--port: another program listens at port ${port}.`);
  if (code === 'EACCES')
    return new Refusal('BAD_USER_INPUT', `--port: this user may not listen at port ${port}.`);
  return undefined;
}
