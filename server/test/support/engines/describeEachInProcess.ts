import type { LocalPushService } from '../../../src/localPushService/localPushService';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';
import { describeEachKind } from './engines';
import { type InProcess, startInProcess } from './inProcess';

/** What each test has of its own, and inside hooks and tests only. */
export interface OwnEngine {
  readonly engine: InProcess;
  readonly pushService: LocalPushService;
}

/** Runs the same tests on both kinds of database, each with a fresh engine and push service. */
export function describeEachInProcess(name: string, body: (own: OwnEngine) => void): void {
  describeEachKind(name, (kind) => {
    const own = {} as { engine: InProcess; pushService: LocalPushService };

    beforeEach(async () => {
      own.pushService = await startLocalPushService();
      own.engine = await startInProcess(kind, own.pushService);
    });

    afterEach(async () => {
      await own.engine.stop();
      await own.pushService.stop();
    });

    body(own);
  });
}
