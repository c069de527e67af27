/** Workers that die again and again: nothing is set aside for it, and one poison delivery stops nobody else's. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broadcast } from '../support/engines/broadcast';
import { describeInstallation } from '../support/engines/describeEachEngine';
import type { Stage } from '../support/engines/stage';
import { until } from '../support/until';

const kills = 4;
const leaseSeconds = 2;
const redriveAll = 'mutation { redriveDispatches }';
const preload = join(__dirname, '../support/poisonPreload.cjs');

for (const engine of ['embedded', 'distributed'] as const) {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-poison-'));
  const poisonFile = join(folder, 'auth');
  const env = {
    NODE_OPTIONS: `--require ${preload}`,
    POISON_FILE: poisonFile,
    // the preload does not reach other threads
    FANFARE_ENCRYPTION_THREADS: '0',
    FANFARE_LEASE_SECONDS: String(leaseSeconds),
  };

  describeInstallation(
    `a crash loop, ${engine}`,
    engine === 'embedded' ? [] : ['mysql', 'rabbitmq'],
    async () => ({ engine, env }),
    (scenario) => {
      afterAll(() => rmSync(folder, { recursive: true, force: true }));

      scenario('of kills from outside: nothing is set aside, everything arrives', async (stage) => {
        const ada = await stage.subscribe({ userId: 'ada' });
        const broadcast = await Broadcast.begin(stage, 30, 3_000);
        const single = await stage.send({ audience: { userIds: ['ada'] } });
        for (let kill = 0; kill < kills || (await rows(stage, 'deaths >= 3')) === 0; kill += 1) {
          const leased = `leaseUntil > ${Date.now() + leaseSeconds * 1_000}`;
          await until(async () => (await rows(stage, leased)) > 0, 'work under way');
          await stage.installation.killAll();
          expect(await rows(stage, 'deadAt IS NOT NULL')).toBe(0);
          await stage.installation.startAll();
        }
        for (const service of [stage.pushService, stage.otherPushService]) service.reset();
        await finished(stage, [broadcast.id, single]);
        expect((await broadcast.allAccepted()).progress.accepted).toBe(30);
        expect(ada.agent.receivedCount).toBeGreaterThan(0);
        broadcast.expectOneNotificationEach();
      });

      scenario('of one poison delivery: all others arrive, and it waits alone', async (stage) => {
        const [poison, ...others] = await stage.subscribeMany(5, 'poisoned');
        if (!poison) throw new Error('Nobody subscribed.');
        writeFileSync(poisonFile, poison.auth);
        const id = await stage.send({ audience: { tags: { anyOf: ['poisoned'] } } });
        await restarted(
          stage,
          async () => (await rows(stage, '1 = 1')) === 1 && (await waitingAlone(stage)) === 1,
        );
        expect((await stage.look(id)).progress).toMatchObject({ accepted: others.length, pending: 1 });
        expect(stage.postsTo(poison)).toEqual([]);
        const ben = await stage.subscribe({ userId: 'ben' });
        await stage.completed(await stage.send({ audience: { userIds: ['ben'] } }));
        expect(ben.agent.receivedCount).toBe(1);
        expect(stage.installation.logs).toMatch(/"deliveryId":"dlv_\w+".*this one delivery alone/);
        rmSync(poisonFile);
        expect(await stage.installation.graphql(redriveAll)).toEqual({ redriveDispatches: 1 });
        expect(await stage.completed(id)).toMatchObject({ progress: { accepted: others.length + 1 } });
      });
    },
  );
}

async function rows(stage: Stage, where: string): Promise<number> {
  const [row] = await stage.database.sql.rows<{ size: number }>(
    `SELECT COUNT(*) AS size FROM dispatch WHERE ${where}`,
  );
  return Number(row?.size);
}

/** Deliveries whose worker died while it sent them alone: they wait for a minute at the least. */
function waitingAlone(stage: Stage): Promise<number> {
  return rows(stage, `deaths > 3 AND isAlone = 0 AND leaseUntil IS NULL AND dueAt > ${Date.now() + 20_000}`);
}

/** A delivery that happened to be alone at a kill waits for a minute, unless it is redriven. */
async function finished(stage: Stage, ids: readonly string[]): Promise<void> {
  await until(
    async () => {
      if ((await waitingAlone(stage)) > 0) await stage.installation.graphql(redriveAll);
      const looks = await Promise.all(ids.map((id) => stage.look(id)));
      return looks.every(({ completedAt }) => completedAt !== null);
    },
    'everything to arrive',
    45_000,
  );
}

/** Starts every process again that has died, until the condition holds. */
async function restarted(stage: Stage, condition: () => Promise<boolean>): Promise<void> {
  await until(
    async () => {
      for (const process of stage.installation.processes) if (!process.running) process.launch();
      return condition();
    },
    'the poison delivery to wait alone',
    55_000,
  );
  await stage.installation.startAll();
}
