/** The database is killed in the middle of a broadcast and comes back. */
import { Broadcast } from '../support/engines/broadcast';
import { describeInstallation } from '../support/engines/describeEachEngine';
import { MariadbNode } from '../support/servers/mariadbNode';
import { until } from '../support/until';

const subscribers = 300;
const startTimeoutMs = 120_000;
let node: MariadbNode | undefined;

afterAll(() => node?.remove(), startTimeoutMs);

async function startDatabase() {
  node = await MariadbNode.start();
  return { engine: 'distributed', mysqlServer: node.serverUrl } as const;
}

describeInstallation('a MariaDB of our own', ['mariadbd', 'rabbitmq'], startDatabase, (scenario) => {
  scenario(
    'that is killed in the middle of a broadcast: UNAVAILABLE meanwhile, then everything is delivered',
    async (stage) => {
      const ada = await stage.subscribe({ userId: 'ada' });
      const broadcast = await Broadcast.begin(stage, subscribers, 100);
      await broadcast.underWay();
      const before = await stage.send({ audience: { userIds: ['ada'] } });
      await node?.kill();

      const toAda = () => stage.send({ audience: { userIds: ['ada'] } });
      await expect(toAda()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await expect(stage.look(broadcast.id)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await readiness(stage.installation.api.url)).toBe(503);
      // what was already read is posted to its end, and its outcomes wait for the database
      await broadcast.quiet();

      await node?.start();
      await until(async () => (await readiness(stage.installation.api.url)) === 200, 'a ready API');
      const after = await toAda();
      for (const id of [before, after]) {
        expect(await stage.completed(id)).toMatchObject({ progress: { targeted: 1, accepted: 1 } });
      }
      await broadcast.allAccepted();
      // nobody died, so nobody forgot what was posted
      expect(broadcast.doubled).toBe(0);
      broadcast.expectOneNotificationEach();
      await ada.agent.waitForMessages(2);
      expect(stage.installation.processes.every(({ running }) => running)).toBe(true);
    },
    startTimeoutMs,
  );
});

async function readiness(url: string): Promise<number> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(10_000) });
  await answer.text();
  return answer.status;
}
