/** The network between Fanfare and its database dies without a word: connections stay, and nothing comes any more. */

import { Broadcast } from '../support/engines/broadcast';
import { describeInstallation } from '../support/engines/describeEachEngine';
import { mysqlServer } from '../support/engines/freshDatabase';
import { startTcpProxy, type TcpProxy } from '../support/servers/tcpProxy';

const startTimeoutMs = 120_000;
let network: TcpProxy | undefined;

afterAll(() => network?.close());

async function startNetwork() {
  const url = new URL(mysqlServer);
  network = await startTcpProxy(Number(url.port || 3306));
  url.port = String(network.port);
  return { engine: 'distributed', mysqlServer: url.href.replace(/\/$/, '') } as const;
}

describeInstallation(
  'half-open connections to the database',
  ['mysql', 'rabbitmq'],
  startNetwork,
  (scenario) => {
    scenario(
      'are given up in the middle of a broadcast, and everything is delivered over new ones',
      async (stage) => {
        const ada = await stage.subscribe({ userId: 'ada' });
        const broadcast = await Broadcast.begin(stage, 300, 100);
        await broadcast.underWay();
        network?.freeze();
        const refused = stage.send({ audience: { userIds: ['ada'] } });
        await expect(refused).rejects.toMatchObject({ code: 'UNAVAILABLE' });
        network?.heal();
        await broadcast.allAccepted(90_000);
        broadcast.expectOneNotificationEach();
        const id = await stage.send({ audience: { userIds: ['ada'] } });
        expect(await stage.completed(id)).toMatchObject({ progress: { accepted: 1 } });
        await ada.agent.waitForMessages(1);
        expect(stage.installation.processes.every(({ running }) => running)).toBe(true);
      },
      startTimeoutMs,
    );
  },
);
