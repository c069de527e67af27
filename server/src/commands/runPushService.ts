import { readFileSync } from 'node:fs';
import { startLocalPushService } from '../localPushService/startLocalPushService';
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
  const service = await startLocalPushService({
    port: Number(options.port),
    host: options.host,
    publicOrigin: options.publicOrigin,
    stateFile: options.stateFile,
    tls: tlsKey && tlsCert ? { key: readFileSync(tlsKey), cert: readFileSync(tlsCert) } : undefined,
    log,
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
