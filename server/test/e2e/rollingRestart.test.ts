/** Two API processes behind a balancer that checks /readyz: restarting one after the other fails no call. */

import { describeInstallation } from '../support/engines/describeEachEngine';
import { FanfareProcess } from '../support/process/fanfareProcess';
import { Balancer } from '../support/servers/balancer';
import { freePort } from '../support/servers/freePort';
import { until } from '../support/until';

describeInstallation(
  'a rolling restart of two API processes',
  ['mysql', 'rabbitmq'],
  async () => ({ engine: 'distributed' }),
  (scenario) => {
    scenario('fails no call', async (stage) => {
      const { installation } = stage;
      const env = installation.settingsOf({ FANFARE_DRAIN_SECONDS: '3' });
      const processes = [
        new FanfareProcess('api', await freePort(), env),
        new FanfareProcess('api', await freePort(), env),
      ];
      const balancer = new Balancer(processes.map(({ url }) => url));
      try {
        await Promise.all(processes.map((process) => process.start()));
        const url = await balancer.start();
        const statuses: number[] = [];
        let isOver = false;
        const caller = async () => {
          while (!isOver || statuses.length < 1_000) {
            const answer = await fetch(`${url}/graphql`, {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                authorization: `Bearer ${installation.adminKey}`,
              },
              body: '{"query":"{ viewer { scopes } }"}',
            });
            await answer.text();
            statuses.push(answer.status);
          }
        };
        const callers = Promise.all(Array.from({ length: 4 }, caller));
        for (const process of processes) {
          expect(await process.terminate()).toBe(0);
          await process.start();
          await until(() => balancer.isReady(process.url), 'the balancer to see it');
        }
        isOver = true;
        await callers;
        expect(statuses.length).toBeGreaterThanOrEqual(1_000);
        expect(statuses.filter((status) => status !== 200)).toEqual([]);
      } finally {
        balancer.stop();
        await Promise.all(processes.map((process) => process.kill()));
      }
    });
  },
);
