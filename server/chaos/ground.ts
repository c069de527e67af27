import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificate } from '../bench/certificate';
import { listeningProcess } from '../bench/processUsage';
import type { UndoStack } from '../bench/undoStack';
import { MariadbNode } from '../test/support/servers/mariadbNode';
import { RabbitNode } from '../test/support/servers/rabbitNode';
import { startTcpProxy, type TcpProxy } from '../test/support/servers/tcpProxy';
import { type PushServices, startPushServices } from './pushServicesProcess';

/** The servers of a chaos run, all its own: it may stop, kill, freeze and empty them. */
export interface Ground {
  readonly services: PushServices;
  readonly certificateFile: string;
  readonly folder: string;
  /** What the run has made and must take back. */
  readonly undo: UndoStack;
  /** Started at the first call, for those faults that need them. */
  servers(): Promise<Servers>;
}

export interface Servers {
  readonly mariadb: MariadbNode;
  readonly rabbit: RabbitNode;
  /** The ways to both, for faults of the network. */
  readonly toMariadb: TcpProxy;
  readonly toRabbit: TcpProxy;
  /** SIGSTOP, then SIGCONT after `ms`: the server answers nothing, and its connections stay. */
  stallDatabase(ms: number): Promise<void>;
}

export async function openGround(undo: UndoStack): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-chaos-'));
  await undo.add(async () => rmSync(folder, { recursive: true, force: true }));
  const certificate = createCertificate(folder);
  const services = await startPushServices(certificate);
  await undo.add(services.stop);
  let servers: Promise<Servers> | undefined;
  return {
    ...{ services, folder, undo, certificateFile: certificate.certFile },
    servers: () => {
      // the next fault that needs them tries again
      servers ??= startServers(undo).catch((error: unknown) => {
        servers = undefined;
        throw error;
      });
      return servers;
    },
  };
}

async function startServers(undo: UndoStack): Promise<Servers> {
  const mariadb = await MariadbNode.start();
  await undo.add(() => mariadb.remove());
  const rabbit = await RabbitNode.start();
  await undo.add(() => rabbit.remove());
  const toMariadb = await startTcpProxy(mariadb.port);
  await undo.add(() => toMariadb.close());
  const toRabbit = await startTcpProxy(rabbit.port);
  await undo.add(() => toRabbit.close());
  return {
    ...{ mariadb, rabbit, toMariadb, toRabbit },
    stallDatabase: async (ms) => {
      const pid = listeningProcess(mariadb.port);
      if (pid === undefined) throw new Error('The database server is not to be seen.');
      process.kill(pid, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, ms));
      process.kill(pid, 'SIGCONT');
    },
  };
}
