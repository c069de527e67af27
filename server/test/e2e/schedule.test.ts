/** Time: not before sendAt, never after expiresAt or the TTL, and each attempt with the TTL that is left. */

import { operation } from '../support/api/graphqlCall';
import { describeEachEngine } from '../support/engines/describeEachEngine';
import type { Browser, Stage } from '../support/engines/stage';
import { until } from '../support/until';

const inMs = (ms: number) => new Date(Date.now() + ms);
const ttlOf = (post: { headers: Readonly<Record<string, unknown>> }) => Number(post.headers.ttl);

describeEachEngine('time', (scenario) => {
  scenario('nothing is sent before sendAt', async (stage) => {
    const [ada, bob] = [await stage.subscribe({ userId: 'ada' }), await stage.subscribe({ tags: ['news'] })];
    const sendBoth = async (sendAt: Date) => [
      await stage.send({ audience: { userIds: ['ada'] }, sendAt }),
      await stage.send({ audience: { tags: { anyOf: ['news'] } }, sendAt }),
    ];
    const inAnHour = await sendBoth(inMs(3_600_000));
    const sendAt = inMs(1_500);
    for (const id of await sendBoth(sendAt)) {
      expect(await stage.completed(id)).toMatchObject({ progress: { accepted: 1 } });
    }
    for (const browser of [ada, bob]) {
      const [post, ...more] = stage.postsTo(browser);
      expect(more).toEqual([]);
      expect(post?.at.getTime()).toBeGreaterThanOrEqual(sendAt.getTime());
    }
    for (const id of inAnHour) {
      expect(await stage.look(id)).toMatchObject({ status: 'SCHEDULED', progress: { targeted: 0 } });
      await stage.installation.graphql(operation('cancel'), { id });
    }
  });

  scenario('what is cancelled before its time is not sent', async (stage) => {
    const [ada, bob] = [await stage.subscribe({ userId: 'ada' }), await stage.subscribe({ userId: 'bob' })];
    const sendAt = inMs(1_000);
    const cancelled = await stage.send({ audience: { userIds: ['ada'] }, sendAt });
    await stage.installation.graphql(operation('cancel'), { id: cancelled });
    // due at the same moment, so that its arrival tells that the moment has passed
    const proof = await stage.send({ audience: { userIds: ['bob'] }, sendAt });
    await stage.completed(proof);
    expect(await stage.completed(cancelled)).toMatchObject({
      status: 'CANCELLED',
      progress: { targeted: 0, accepted: 0 },
    });
    expect(stage.postsTo(ada)).toEqual([]);
    expect(stage.postsTo(bob)).toHaveLength(1);
  });

  scenario('what is cancelled while it waits for a retry is not tried again', async (stage) => {
    const ada = await stage.subscribe({ userId: 'ada' });
    stage.pushService.script({ status: 429, headers: { 'retry-after': '600' } });
    const id = await stage.send({ audience: { userIds: ['ada'] } });
    await until(async () => (await stage.look(id)).deliveries.edges[0]?.node.attempts, 'an attempt');
    await stage.installation.graphql(operation('cancel'), { id });
    expect(await stage.completed(id)).toMatchObject({ status: 'CANCELLED', progress: { cancelled: 1 } });
    expect(stage.postsTo(ada)).toHaveLength(1);
  });

  scenario('what is cancelled while its POST is under way is not tried again', async (stage) => {
    const ada = await stage.subscribe({ userId: 'ada' });
    stage.pushService.script({ delayMs: 500, status: 429, headers: { 'retry-after': '600' } });
    const id = await stage.send({ audience: { userIds: ['ada'] } });
    await until(() => stage.pushService.stats().activePosts > 0, 'the POST');
    await stage.installation.graphql(operation('cancel'), { id });
    expect(await stage.completed(id)).toMatchObject({ status: 'CANCELLED', progress: { cancelled: 1 } });
    expect(stage.postsTo(ada)).toHaveLength(1);
  });

  scenario('a push service that is down until expiresAt: EXPIRED, and no POST after it', async (stage) => {
    const ada = await stage.subscribe({ userId: 'ada' });
    // the second attempt comes well before the end, a third would come well after it
    stage.pushService.script({ status: 503, headers: { 'retry-after': '2' } });
    const expiresAt = inMs(3_000);
    const id = await stage.send({ audience: { userIds: ['ada'] }, expiresAt });
    expect(await stage.completed(id)).toMatchObject({ progress: { targeted: 1, expired: 1 } });
    expect(stage.postsTo(ada).length).toBeGreaterThan(0);
    await expectNoneAfter(stage, ada, expiresAt);
  });

  scenario('what waits for its turn at a slow push service beyond expiresAt is not posted', async (stage) => {
    const readers = await stage.subscribeMany(200, 'queue');
    // longer than the notification lives: only what had a place at once can be posted
    stage.pushService.script({ delayMs: 1_500 });
    const expiresAt = inMs(1_000);
    const id = await stage.send({ audience: { tags: { anyOf: ['queue'] } }, expiresAt });
    const { progress } = await stage.completed(id);
    expect(progress.accepted + progress.expired).toBe(readers.length);
    expect(progress.expired).toBeGreaterThan(0);
    expect(stage.posts()).toHaveLength(progress.accepted);
  });

  scenario('a push service that asks everybody to wait beyond expiresAt: EXPIRED in time', async (stage) => {
    // its own push service: this one keeps everybody waiting for the rest of the file
    const readers = await stage.subscribeMany(60, 'slow', stage.otherPushService);
    stage.otherPushService.script({ status: 429, headers: { 'retry-after': '600' }, delayMs: 50 });
    const expiresAt = inMs(4_000);
    const id = await stage.send({ audience: { tags: { anyOf: ['slow'] } }, expiresAt });
    const { progress } = await stage.completed(id, 10_000);
    expect(progress).toMatchObject({ targeted: readers.length, expired: readers.length });
  });

  scenario('workers that are down until expiresAt: EXPIRED without a POST', async (stage) => {
    const ada = await stage.subscribe({ userId: 'ada' });
    const expiresAt = inMs(2_500);
    const id = await stage.send({ audience: { userIds: ['ada'] }, sendAt: inMs(1_500), expiresAt });
    await stage.installation.killAll();
    await until(() => Date.now() > expiresAt.getTime(), 'the end of the notification');
    await stage.installation.startAll();
    expect(await stage.completed(id)).toMatchObject({ progress: { targeted: 1, expired: 1 } });
    expect(stage.postsTo(ada)).toEqual([]);
  });

  scenario('each attempt carries the TTL that is left', async (stage) => {
    const ada = await stage.subscribe({ userId: 'ada' });
    stage.pushService.script({ status: 503, headers: { 'retry-after': '1' }, times: 2 });
    const id = await stage.send({ audience: { userIds: ['ada'] }, ttl: 100 });
    await stage.completed(id);
    const posts = stage.postsTo(ada);
    expect(posts).toHaveLength(3);
    const [row] = await stage.database.sql.rows<{ createdAt: number; deadlineAt: number }>(
      'SELECT createdAt, deadlineAt FROM notification ORDER BY id DESC LIMIT 1',
    );
    const { createdAt, deadlineAt } = {
      createdAt: Number(row?.createdAt),
      deadlineAt: Number(row?.deadlineAt),
    };
    expect(deadlineAt - createdAt).toBe(100_000);
    const secondsLeft = (at: number) => (deadlineAt - at) / 1000;
    let earliest = createdAt;
    for (const post of posts) {
      // it was worked out after the answer before, and before it arrived
      expect(ttlOf(post)).toBeLessThanOrEqual(secondsLeft(earliest));
      expect(ttlOf(post)).toBeGreaterThan(secondsLeft(post.at.getTime()) - 1);
      earliest = post.at.getTime();
    }
    const ttls = posts.map(ttlOf);
    expect(ttls).toEqual([...new Set(ttls)].sort((a, b) => b - a));
  });

  scenario('with TTL 0 there is one attempt, with TTL 0', async (stage) => {
    const [ada, bob] = [await stage.subscribe({ userId: 'ada' }), await stage.subscribe({ userId: 'bob' })];
    stage.pushService.script({ status: 503, subscription: ada.endpoint });
    const id = await stage.send({ audience: { userIds: ['ada', 'bob'] }, ttl: 0 });
    expect(await stage.completed(id)).toMatchObject({ progress: { targeted: 2, accepted: 1, expired: 1 } });
    for (const browser of [ada, bob]) expect(stage.postsTo(browser).map(ttlOf)).toEqual([0]);
  });
});

/** A later send to the same browser arrives, and nothing else came between. */
async function expectNoneAfter(stage: Stage, browser: Browser, instant: Date): Promise<void> {
  await until(() => Date.now() > instant.getTime(), 'the moment to pass');
  const before = stage.postsTo(browser);
  stage.pushService.clearScripts();
  await stage.completed(await stage.send({ audience: { subscriptionIds: [browser.id] } }));
  expect(stage.postsTo(browser)).toHaveLength(before.length + 1);
  for (const post of before) expect(post.at.getTime()).toBeLessThan(instant.getTime());
}
