/** A backup is played back: what was lost is never given out again, and what was taken back stays so. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callGraphql, operation } from '../support/api/graphqlCall';
import { takeBackup } from '../support/engines/backup';
import { describeEachEngine } from '../support/engines/describeEachEngine';
import type { Browser, Stage } from '../support/engines/stage';
import { until } from '../support/until';

interface Sent {
  readonly id: string;
  readonly receipt: string;
  readonly tag: string;
}

const many = 60;

describeEachEngine('a backup that is played back', (scenario, engine) => {
  scenario(
    'ids, receipts and default tags of what was lost are never given out again',
    async (stage) => {
      const ada = await stage.subscribe({ userId: 'ada' });
      const [kept] = await sendMany(stage, ada, 1);
      const backup = await takeBackup(stage.installation.database);
      try {
        const lost = await sendMany(stage, ada, many);
        const dispatches = await numbersOf(stage, 'MAX(id)');

        // without the command, most of what comes is taken for what was lost
        await stage.whileClosed(() => backup.playBack());
        await stage.installation.startAll();
        const mistaken = await sendMany(stage, ada, many);
        expect(inCommon(lost, mistaken).ids).toBeGreaterThan(many / 2);
        expect(await countedReceipts(stage, lost)).toBeGreaterThan(many / 2);

        // with it nothing is, however often the same backup is played back
        const gone = [...lost, ...mistaken];
        for (const time of ['first', 'second']) {
          await stage.whileClosed(async () => {
            await backup.playBack();
            const { status, output } = await stage.installation.command('restored');
            expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('A new epoch') });
          });
          if (engine === 'distributed') await stage.installation.publish(messagesUpTo(dispatches));
          await stage.installation.startAll();
          const posts = stage.posts().length;
          const fresh = await sendMany(stage, ada, many);
          expect([time, inCommon(gone, fresh)]).toEqual([time, { ids: 0, receipts: 0, tags: 0 }]);
          expect(await countedReceipts(stage, gone)).toBe(0);
          expect(await known(stage, gone)).toEqual([]);
          expect(await displayed(stage, fresh)).toBe(0);
          // messages that the broker still had name nothing
          await until(async () => (await stage.installation.waitingMessages()) === 0, 'an empty queue');
          expect(stage.posts().length - posts).toBe(many);
          gone.push(...fresh);
        }

        // what is older than the backup is what it was
        expect(await known(stage, kept ? [kept] : [])).toEqual([kept?.id]);
        expect(await countedReceipts(stage, kept ? [kept] : [])).toBe(1);
      } finally {
        await backup.discard();
      }
    },
    240_000,
  );

  scenario(
    'what was taken back since is taken back again from a file; processes that run are not disturbed',
    async (stage) => {
      const { installation } = stage;
      const { createApiKey } = await installation.graphql<{
        createApiKey: { apiKey: { id: string }; secret: string };
      }>(operation('createApiKey'), {
        input: { name: 'stolen', kind: 'SECRET', scopes: ['notifications:read'] },
      });
      const { secret, apiKey } = createApiKey;
      const since = new Date().toISOString();
      const backup = await takeBackup(installation.database);
      try {
        await installation.graphql('mutation ($id: ID!) { revokeApiKey(id: $id) }', { id: apiKey.id });
        const { status, output } = await installation.command('revocations', '--since', since);
        expect([status, output]).toEqual([0, `${JSON.stringify({ kind: 'api-key', id: apiKey.id })}\n`]);

        const refused = await installation.command('restored');
        expect(refused).toMatchObject({
          status: 1,
          output: expect.stringMatching(/^Somebody else works on this database/),
        });

        const file = join(String(installation.settingsOf({}).FANFARE_DATA_DIR), 'revocations.ndjson');
        writeFileSync(file, output);
        await stage.whileClosed(async () => {
          await backup.playBack();
          const missing = await installation.command('restored', '--revocations', `${file}.missing`);
          expect(missing).toMatchObject({ status: 1, output: expect.stringMatching(/^--revocations: /) });
          const done = await installation.command('restored', '--revocations', file);
          expect([done.status, done.output]).toEqual([
            0,
            expect.stringContaining('api-key: 1 in the file, 1 found'),
          ]);
        });
        expect(readFileSync(file, 'utf8')).toBe(output);
        await installation.startAll();
        const call = callGraphql(
          installation.api.url,
          secret,
          '{ notifications(first: 1) { edges { cursor } } }',
        );
        await expect(call).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      } finally {
        await backup.discard();
      }
    },
    120_000,
  );
});

/** Sends one after the other, and gives what the browser was sent. */
async function sendMany(stage: Stage, browser: Browser, count: number): Promise<Sent[]> {
  const before = browser.agent.receivedCount;
  const ids = await tenAtATime(Array.from({ length: count }), () =>
    stage.send({ audience: { userIds: ['ada'] } }),
  );
  await tenAtATime(ids, (id) => stage.completed(id));
  await browser.agent.waitForMessages(before + count, 30_000);
  const shown = browser.agent.received.slice(-count).map(({ plaintext }) => JSON.parse(plaintext ?? '{}'));
  return shown.map(({ notification: { tag, data } }) => ({ id: tag, tag, receipt: data.fanfare.receipt }));
}

function inCommon(before: readonly Sent[], now: readonly Sent[]) {
  const count = (of: (sent: Sent) => string) => {
    const known = new Set(before.map(of));
    return now.filter((sent) => known.has(of(sent))).length;
  };
  return {
    ids: count(({ id }) => id),
    receipts: count(({ receipt }) => receipt),
    tags: count(({ tag }) => tag),
  };
}

/** How many of their receipts name a delivery. */
async function countedReceipts(stage: Stage, sent: readonly Sent[]): Promise<number> {
  const counted = await tenAtATime(sent, ({ receipt }) =>
    stage.installation.graphql<{ recordReceipt: boolean }>(
      'mutation ($token: String!) { recordReceipt(token: $token, event: DISPLAYED) }',
      { token: receipt },
    ),
  );
  return counted.filter(({ recordReceipt }) => recordReceipt).length;
}

/** The ids of those that the API knows. */
async function known(stage: Stage, sent: readonly Sent[]): Promise<string[]> {
  const found = await tenAtATime(sent, async ({ id }) => {
    const { notification } = await stage.installation.graphql<{ notification: { id: string } | null }>(
      'query ($id: ID!) { notification(id: $id) { id } }',
      { id },
    );
    return notification?.id;
  });
  return found.flatMap((id) => id ?? []);
}

async function displayed(stage: Stage, sent: readonly Sent[]): Promise<number> {
  const views = await tenAtATime(sent, ({ id }) => stage.look(id));
  return views.reduce((sum, { progress }) => sum + progress.displayed, 0);
}

async function tenAtATime<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += 10) {
    results.push(...(await Promise.all(items.slice(at, at + 10).map(work))));
  }
  return results;
}

async function numbersOf(stage: Stage, what: string): Promise<number> {
  const [row] = await stage.database.sql.rows<{ number: number }>(
    `SELECT ${what} AS number FROM notification`,
  );
  return Number(row?.number ?? 0);
}

/** What a broker may still hold of dispatches from the lost time: rows are numbered about as notifications are. */
function messagesUpTo(number: number) {
  return Array.from({ length: number + many }, (_, index) => ({
    dispatchId: index + 1,
    notificationId: index + 1,
  }));
}
