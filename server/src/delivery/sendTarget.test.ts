import { createECDH, randomBytes } from 'node:crypto';
import { parsePushHosts } from '../egress/pushHostPolicy';
import type { PushAnswer } from '../model/pushAnswer';
import { CheckedOrigins } from '../webPush/checkedOrigins';
import type { PushPost } from '../webPush/pushPost';
import { EventLoopYield } from './eventLoopYield';
import { KeyHolds } from './flow/keyHolds';
import { startLimit } from './flow/pushServiceGate';
import { PushServiceGates } from './flow/pushServiceGates';
import type { Sending } from './preparePost';
import type { PushMessage } from './pushMessages';
import { type SendDeps, sendTarget } from './sendTarget';
import type { Target } from './targets';

const pushService = 'push.example.org';
const vapidKeyId = 1;
const start = 1_000_000_000;
const deadlineAt = start + 60_500;
const accepted: PushAnswer = { kind: 'response', status: 201, headers: {}, body: '' };

/** A worker whose clock moves when the test says so, and whose push service answers what it says. */
function worker(answer: PushAnswer | (() => PushAnswer) = accepted, more: Partial<SendDeps> = {}) {
  const state = { now: start, posts: [] as PushPost[] };
  const keyHolds = new KeyHolds(() => undefined);
  const gates = new PushServiceGates(Date.now);
  const parts = {
    ...{ keyHolds, gates, pace: new EventLoopYield(1), encryption: undefined, now: () => state.now },
    origins: new CheckedOrigins(parsePushHosts(pushService)),
    transport: {
      post: async (post: PushPost) => {
        state.posts.push(post);
        return typeof answer === 'function' ? answer() : answer;
      },
    },
    tokens: { authorization: () => 'vapid t=x, k=y', forget: () => undefined },
    signingKeys: { known: () => ({ keyId: vapidKeyId }) },
    receipts: { issue: () => 'receipt' },
    authBox: { open: () => randomBytes(16) },
    ...more,
  } as unknown as SendDeps;
  const send = ({
    ttlSeconds = 3_600,
    paced = false,
    before = {} as Partial<Target>,
    said = {} as Partial<PushMessage>,
  } = {}) =>
    sendTarget(parts, { ...dispatch, paced }, { ...message, ttlSeconds, ...said }, { ...target, ...before });
  const sendTo = (host: string) =>
    sendTarget(parts, { ...dispatch, pushService: 'wns', paced: false }, message, {
      ...target,
      subscription: target.subscription && { ...target.subscription, endpoint: `https://${host}/w/?token=a` },
    });
  return { state, keyHolds, gates, gate: gates.of(pushService), pace: parts.pace, send, sendTo };
}

const dispatch = {
  ...{ id: 1, notificationId: 1, lane: 'bulk', pushService, deadlineAt },
  message: { applicationId: 1 },
} as Omit<Sending, 'paced'>;
const message: PushMessage = {
  payload: { before: Buffer.from('{"'), after: Buffer.from('"}') },
  ...{ urgency: 'normal', topic: undefined, ttlSeconds: 3_600, userIds: undefined, chosenAt: undefined },
};
const target: Target = {
  ...{ subscriptionId: 1, attempts: 0, reason: null },
  subscription: {
    ...{
      endpoint: `https://${pushService}/push/1`,
      userId: null,
      vapidKeyId,
      version: 3,
      createdAt: 0,
      userLeftAt: null,
      everAccepted: true,
      neverAcceptedSince: null,
    },
    ...{ p256dh: createECDH('prime256v1').generateKeys(), sealedAuth: Buffer.alloc(0) },
  },
};

test.each([
  ['for everyone, after a logout', undefined, 5, 1],
  ['chosen by tags, never anybody’s', 10, null, 1],
  ['chosen by tags after the logout', 10, 9, 1],
  ['chosen by tags before the logout', 10, 10, 0],
])('%s: POSTs to a browser that may have changed hands', async (_, chosenAt, userLeftAt, posts) => {
  const { state, send } = worker();
  const subscription = target.subscription && { ...target.subscription, userLeftAt };
  await send({ said: { chosenAt }, before: { subscription } });
  expect(state.posts).toHaveLength(posts);
});

test('a POST carries the TTL until its notification is over, and may leave until then', async () => {
  const { state, send } = worker();
  await send();
  expect(state.posts).toMatchObject([{ ttlEndsAt: deadlineAt, latestSendAt: deadlineAt }]);
});

test('the transport is told the deadline by the clock of this machine', async () => {
  const { state, send } = worker(accepted, { machineTime: (at) => at + 7_200_000 });
  await send();
  const deadlineHere = deadlineAt + 7_200_000;
  expect(state.posts).toMatchObject([{ ttlEndsAt: deadlineHere, latestSendAt: deadlineHere }]);
});

test('with TTL 0 it carries that, however long it may be tried here', async () => {
  const { state, send } = worker();
  await send({ ttlSeconds: 0 });
  expect(state.posts).toMatchObject([{ ttlEndsAt: 0, latestSendAt: deadlineAt }]);
});

test('a message whose time runs out while it waits for its turn is not posted', async () => {
  const { state, pace, send } = worker();
  // the one place of this turn
  void pace.next();
  const sending = send({ paced: true });
  state.now = deadlineAt;
  expect(await sending).toMatchObject({ next: { status: 'EXPIRED' }, attempted: false });
  expect(state.posts).toEqual([]);
});

test('a message that has to wait comes back before its notification is over', async () => {
  const shut = worker();
  for (let answer = 0; answer < 10; answer += 1) {
    void shut.gate.enter('bulk', start);
    shut.gate.leave('transient', start, 3_600_000);
  }
  const held = worker();
  for (let subscriptionId = 1; subscriptionId <= 5; subscriptionId += 1) {
    held.keyHolds.refused(
      { vapidKeyId, flowName: pushService, subscriptionId, everAccepted: true },
      start + 30_000,
    );
  }
  for (const { send, state } of [shut, held]) {
    expect(await send()).toMatchObject({ next: { dueAt: deadlineAt }, reason: 'deferred' });
    expect(state.posts).toEqual([]);
  }
});

test.each([
  ['503 shuts the gate of the push service', 503, pushService],
  ['429 shuts the gate of the application there', 429, `${pushService} 1`],
])('%s, for as long as it asks', async (_name, status, line) => {
  const { gates, send } = worker({ ...accepted, status, headers: { 'retry-after': '50' } });
  for (let answer = 0; answer < 10; answer += 1) await send();
  expect(gates.shut(pushService, 1, start)).toEqual({ line, until: start + 50_000 });
  expect(gates.shut(pushService, 2, start)).toEqual(
    status === 429 ? undefined : { line, until: start + 50_000 },
  );
});

test.each([503, 429])(
  '%i for subscriptions that were never accepted shuts no gate next to one that was',
  async (status) => {
    const answers = [accepted];
    const { gates, send } = worker(() => answers.shift() ?? { ...accepted, status });
    await send();
    const subscription = target.subscription && { ...target.subscription, everAccepted: false };
    for (let answer = 0; answer < 100; answer += 1) await send({ before: { subscription } });
    expect(gates.shut(pushService, 1, start)).toBeUndefined();
  },
);

test.each([
  [true, [pushService]],
  [false, []],
])('401 holds the key, for subscriptions that were accepted before: %s', async (everAccepted, held) => {
  const { keyHolds, send } = worker({ ...accepted, status: 401 });
  const subscription = target.subscription && { ...target.subscription, everAccepted };
  for (let subscriptionId = 1; subscriptionId <= 10; subscriptionId += 1) {
    await send({ before: { subscriptionId, subscription, attempts: 1, reason: 'bad-token' } });
  }
  expect(keyHolds.held(start)).toEqual(held);
});

test('invented hosts below the wildcard of a vendor fail each for itself', async () => {
  const { gates, sendTo } = worker({ kind: 'failure', failure: 'dns' });
  const good = 'wns2-par02p.notify.windows.com';
  gates.passage(good, 2);
  for (let host = 0; host < 400; host += 1) await sendTo(`x${host}.notify.windows.com`);
  expect(gates.shut(good, 1, start)).toBeUndefined();
  expect(gates.of(good).snapshot()).toMatchObject({ state: 'closed', limit: startLimit });
  for (let time = 0; time < 10; time += 1) await sendTo('x1.notify.windows.com');
  expect(gates.shut('x1.notify.windows.com', 1, start)).toBeDefined();
  expect(gates.shut(good, 1, start)).toBeUndefined();
});

test('a POST that a shutdown cuts off goes back notAttempted, to be tried at once', async () => {
  const { send } = worker({ kind: 'failure', failure: 'aborted' });
  expect(await send()).toMatchObject({ next: { dueAt: start }, attempted: false });
});

describe('the push subscription', () => {
  test.each([404, 410])('ends with %i, in the version that was posted to', async (status) => {
    const { send } = worker({ ...accepted, status });
    expect(await send()).toMatchObject({ next: { status: 'GONE' }, retiresVersion: 3 });
  });

  test.each<[string, PushAnswer]>([
    ...[201, 301, 400, 401, 403, 413, 429, 500, 503].map((status): [string, PushAnswer] => [
      `a ${status}`,
      { ...accepted, status },
    ]),
    ['a reset', { kind: 'failure', failure: 'reset' }],
    ['a certificate', { kind: 'failure', failure: 'tls' }],
  ])('outlives %s, also at the last attempt', async (_name, answer) => {
    const { send } = worker(answer);
    expect(await send()).toMatchObject({ retiresVersion: undefined });
    const last = { attempts: 15, reason: 'bad-token' };
    expect(await send({ before: last })).toMatchObject({ next: { status: expect.any(String) } });
    expect(await send({ before: last })).toMatchObject({ retiresVersion: undefined });
  });
});
