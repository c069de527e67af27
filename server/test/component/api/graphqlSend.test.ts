import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const send = `mutation ($input: SendNotificationInput!) {
  sendNotification(input: $input) {
    replayed
    notification { id status createdAt sendAt expiresAt completedAt progress { targeted pending cancelled } }
  }
}`;

interface Sent {
  sendNotification: {
    replayed: boolean;
    notification: { id: string; status: string; progress: { targeted: number; pending: number } };
  };
}

describeEachDatabase('sendNotification', (database) => {
  let api: ApiServer;
  let application: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
    for (const userId of ['ada', 'ada', 'bob']) {
      await api.call(
        application.publishable,
        'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }',
        { input: { subscription: browserSubscription(), userId } },
      );
    }
  });

  afterEach(() => jest.restoreAllMocks());
  afterAll(() => api.stop());

  const sendIt = (input: Record<string, unknown>, key = application.admin) =>
    api.call<Sent>(key, send, {
      input: { audience: { userIds: ['ada'] }, content: { title: 'Hi' }, ...input },
    });
  const stored = async () =>
    Number((await database().sql.rows<{ n: number }>('SELECT COUNT(*) AS n FROM notification'))[0]?.n);

  test('a few named people: every delivery stands before the answer, and the queue is told', async () => {
    const answer = await sendIt({});
    const { notification, replayed } = answer.data?.sendNotification ?? {};
    expect(replayed).toBe(false);
    expect(notification).toMatchObject({
      status: 'SENDING',
      sendAt: null,
      completedAt: null,
      progress: { targeted: 2, pending: 2, cancelled: 0 },
    });
    const id = api.ids.decodeOne('notification', notification?.id ?? '');
    expect(api.announced).toContainEqual({
      lane: 'transactional',
      notificationId: id,
      dispatchIds: [expect.any(Number)],
    });
  });

  test('nobody is reached: completed at once', async () => {
    const answer = await sendIt({ audience: { userIds: ['nobody'] } });
    expect(answer.data?.sendNotification.notification).toMatchObject({
      status: 'COMPLETED',
      completedAt: expect.any(String),
      progress: { targeted: 0, pending: 0 },
    });
  });

  test('a time ahead schedules it; cancelling ends it', async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const answer = await sendIt({ sendAt });
    const { id, ...notification } = answer.data?.sendNotification.notification ?? { id: '' };
    expect(notification).toMatchObject({ status: 'SCHEDULED', sendAt });
    const cancel = `mutation { cancelNotification(id: "${id}") { status progress { targeted pending } } }`;
    const cancelled = { status: 'CANCELLED', progress: { targeted: 0, pending: 0 } };
    expect((await api.call(application.admin, cancel)).data).toEqual({ cancelNotification: cancelled });
    expect((await api.call(application.admin, cancel)).data).toEqual({ cancelNotification: cancelled });
  });

  test('cancelling settles what waits, and the sum holds', async () => {
    const id = (await sendIt({})).data?.sendNotification.notification.id;
    const answer = await api.call(
      application.admin,
      'mutation ($id: ID!) { cancelNotification(id: $id) { status progress { targeted pending cancelled } } }',
      { id },
    );
    expect(answer.data).toEqual({
      cancelNotification: { status: 'CANCELLED', progress: { targeted: 2, pending: 0, cancelled: 2 } },
    });
  });

  test('a time in the past means now', async () => {
    const answer = await sendIt({ sendAt: '2020-01-01T00:00:00+01:00' });
    expect(answer.data?.sendNotification.notification).toMatchObject({
      status: 'SENDING',
      sendAt: '2019-12-31T23:00:00.000Z',
    });
  });

  const past = '2020-01-01T00:00:00Z';
  const refusals: [string, Record<string, unknown>, string, (string | number)[]][] = [
    ['an empty title', { content: { title: ' ' } }, 'BAD_USER_INPUT', ['input', 'content', 'title']],
    [
      'a relative URL',
      { content: { title: 'x', navigate: '/a' } },
      'BAD_USER_INPUT',
      ['input', 'content', 'navigate'],
    ],
    ['no audience', { audience: {} }, 'BAD_USER_INPUT', ['input', 'audience']],
    ['everyone: false alone', { audience: { everyone: false } }, 'BAD_USER_INPUT', ['input', 'audience']],
    ['a list of nobody', { audience: { userIds: [] } }, 'BAD_USER_INPUT', ['input', 'audience']],
    [
      'a misspelt subscription id',
      { audience: { subscriptionIds: ['sub_x'] } },
      'BAD_USER_INPUT',
      ['input', 'audience', 'subscriptionIds', 0],
    ],
    ['a long TTL', { ttl: 2_419_201 }, 'BAD_USER_INPUT', ['input', 'ttl']],
    ['a past expiry', { expiresAt: past }, 'BAD_USER_INPUT', ['input', 'expiresAt']],
    ['a far schedule', { sendAt: '2999-01-01T00:00:00Z' }, 'BAD_USER_INPUT', ['input', 'sendAt']],
    ['a DateTime without zone', { sendAt: '2026-01-01T00:00:00' }, 'BAD_USER_INPUT', ['input', 'sendAt']],
    ['an unknown field', { nonsense: 1 }, 'BAD_USER_INPUT', ['input']],
    ['a title of another type', { content: { title: 5 } }, 'BAD_USER_INPUT', ['input', 'content', 'title']],
    ['no title', { content: {} }, 'BAD_USER_INPUT', ['input', 'content']],
    [
      'a vibration of text',
      { content: { title: 'x', vibrate: [1, 'y'] } },
      'BAD_USER_INPUT',
      ['input', 'content', 'vibrate', 1],
    ],
    [
      'data that is a list',
      { content: { title: 'x', data: [1] } },
      'BAD_USER_INPUT',
      ['input', 'content', 'data'],
    ],
    [
      'a large payload',
      { content: { title: 'x', body: 'ü'.repeat(2_000) } },
      'PAYLOAD_TOO_LARGE',
      ['input', 'content'],
    ],
  ];

  test.each(refusals)('%s is refused, and nothing is stored', async (_name, input, code, path) => {
    const before = await stored();
    const answer = await sendIt(input);
    expect(answer.errors?.[0]?.extensions).toEqual({ code, path });
    expect(answer.errors?.[0]?.message).not.toMatch(/got invalid value/);
    expect(await stored()).toBe(before);
  });

  test('the same key and input give the same answer, also once the times have passed', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const input = { idempotencyKey: 'order-1', expiresAt };
    const first = await sendIt(input);
    const again = await sendIt(input);
    expect(again.data?.sendNotification).toMatchObject({
      replayed: true,
      notification: { id: first.data?.sendNotification.notification.id },
    });
    jest.spyOn(database().clock, 'now').mockReturnValue(Date.now() + 60_001);
    expect((await sendIt(input)).data?.sendNotification.replayed).toBe(true);
    expect((await sendIt({ ...input, idempotencyKey: 'order-late' })).errors?.[0]?.extensions.path).toEqual([
      'input',
      'expiresAt',
    ]);
  });

  test('the same key with another input is a conflict; another API key is another space', async () => {
    await sendIt({ idempotencyKey: 'order-2' });
    const before = await stored();
    const conflict = await sendIt({ idempotencyKey: 'order-2', content: { title: 'Other' } });
    expect(conflict.errors?.[0]?.extensions).toEqual({
      code: 'IDEMPOTENCY_CONFLICT',
      path: ['input', 'idempotencyKey'],
    });
    expect(await stored()).toBe(before);
    const elsewhere = await sendIt(
      { idempotencyKey: 'order-2' },
      await application.secretKey('notifications:send'),
    );
    expect(elsewhere.data?.sendNotification.replayed).toBe(false);
  });

  test('twenty calls at once with one key store one notification', async () => {
    const before = await stored();
    const calls = await Promise.all(Array.from({ length: 20 }, () => sendIt({ idempotencyKey: 'order-3' })));
    const answers = calls.map((call) => call.data?.sendNotification);
    expect(new Set(answers.map((answer) => answer?.notification.id)).size).toBe(1);
    expect(answers.filter((answer) => answer?.replayed === false)).toHaveLength(1);
    expect(await stored()).toBe(before + 1);
  });
});
