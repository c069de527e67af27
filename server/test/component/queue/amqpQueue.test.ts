/** The RabbitMQ queue when the network or the broker misbehaves: a proxy stands between the two. */
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { type AmqpQueueOptions, openAmqpQueue } from '../../../src/queue/amqp/amqpQueue';
import { assertTopology, nameTopology } from '../../../src/queue/amqp/topology';
import type { DispatchMessage, DispatchQueue, Verdict } from '../../../src/queue/dispatchQueue';
import { describeWith } from '../../support/engines/available';
import { watchLog } from '../../support/process/watchedLog';
import { brokerPort, createVhost, type Vhost } from '../../support/servers/rabbitBroker';
import { startTcpProxy, type TcpProxy } from '../../support/servers/tcpProxy';
import { until } from '../../support/until';

let vhost: Vhost;
let proxy: TcpProxy;
let queue: DispatchQueue;

const first: DispatchMessage = { dispatchId: 1, notificationId: 9 };
const second: DispatchMessage = { dispatchId: 2, notificationId: 9 };

/** Opens the queue through the proxy, quick to notice and to repeat. */
async function open(options: Partial<AmqpQueueOptions> = {}): Promise<DispatchQueue> {
  queue = await openAmqpQueue({
    url: vhost.url(proxy.port),
    confirmTimeoutMs: 1_000,
    pauseMs: 5,
    stallCheckMs: 200,
    ...options,
  });
  return queue;
}

const connected = () => until(() => queue.connected, 'the queue to connect');

/** Publishes until the queue takes the message, as the relay does. */
const publishSoon = (message: DispatchMessage) =>
  until(async () => (await queue.publish('bulk', [message])).length === 1, 'a confirmed publish');

/** A handler that notes what it sees and finds it done. */
function noting(seen: number[]) {
  return async ({ dispatchId }: DispatchMessage): Promise<Verdict> => {
    seen.push(dispatchId);
    return 'done';
  };
}

beforeAll(async () => {
  proxy = await startTcpProxy(brokerPort);
});

afterAll(() => proxy?.close());

beforeEach(async () => {
  vhost = await createVhost();
  proxy.heal();
});

afterEach(async () => {
  await queue?.close();
  await vhost?.remove();
});

describeWith('rabbitmq', 'the connection to the broker', () => {
  it('is waited for when the broker is away at the start', async () => {
    proxy.refuse();
    await open();
    const seen: number[] = [];
    await queue.consume('bulk', 5, noting(seen));
    await until(() => proxy.accepted > 3, 'several tries');
    expect(queue.connected).toBe(false);
    expect(await queue.publish('bulk', [first])).toEqual([]);
    expect(await queue.depth('bulk')).toBeUndefined();

    proxy.heal();
    await connected();
    expect(await queue.publish('bulk', [first])).toEqual([first]);
    await until(() => seen.length === 1, 'the message');
  });

  it('comes back after a cut: the message is handed out again and the late verdict harms nothing', async () => {
    await open();
    await connected();
    const begun: number[] = [];
    const finish: (() => void)[] = [];
    await queue.consume('bulk', 5, ({ dispatchId }) => {
      begun.push(dispatchId);
      if (begun.length > 1) return Promise.resolve('done');
      return new Promise((resolve) => finish.push(() => resolve('done')));
    });
    await queue.publish('bulk', [first]);
    await until(() => begun.length === 1, 'the handler to begin');
    proxy.cut();
    await until(() => begun.length === 2, 'the message a second time');
    for (const release of finish) release();

    await publishSoon(second);
    await until(() => begun.includes(2), 'the next message');
    await until(async () => (await queue.depth('bulk')) === 0, 'an empty lane');
    expect(begun).toEqual([1, 1, 2]);
    expect(await queue.deadLetters()).toBe(0);
  });

  it('tells its listeners of a cut and of the return', async () => {
    await open();
    await connected();
    const told: boolean[] = [];
    queue.onChange(() => told.push(queue.connected));
    proxy.cut();
    await until(() => told.includes(true), 'the return');
    expect(told).toEqual([false, true]);
  });

  it('is reset when it is half-open and a confirm does not come', async () => {
    await open({ confirmTimeoutMs: 300 });
    await connected();
    expect(await queue.publish('bulk', [first])).toEqual([first]);
    proxy.freeze();
    expect(await queue.publish('bulk', [second])).toEqual([]);
    await until(() => !queue.connected, 'the loss to be noticed');
    proxy.heal();
    await publishSoon(second);
  });

  it('is reset when it is half-open and a consumer hears no heartbeat', async () => {
    await open({ heartbeatSeconds: 1 });
    await connected();
    const seen: number[] = [];
    await queue.consume('bulk', 5, noting(seen));
    await publishSoon(first);
    await until(() => seen.length === 1, 'the first message');
    proxy.freeze();
    await until(() => !queue.connected, 'the loss to be noticed');
    proxy.heal();
    await publishSoon(second);
    await until(() => seen.includes(2), 'the next message');
  });

  it('is closed in bounded time when it is half-open', async () => {
    await open({ heartbeatSeconds: 60 });
    await connected();
    await queue.consume('bulk', 5, async () => 'done');
    await publishSoon(first);
    proxy.freeze();
    let isClosed = false;
    const closing = queue.close().then(() => {
      isClosed = true;
    });
    await until(() => isClosed, 'the end');
    await closing;
  });
});

describeWith('rabbitmq', 'a broker that refuses', () => {
  const refusalOf = async (options: Partial<AmqpQueueOptions>) => {
    const replies: string[] = [];
    await open({ url: vhost.url(), onRefusal: (reply) => replies.push(reply), ...options });
    await until(() => replies.length > 0, 'the refusal');
    return replies[0];
  };
  const urlWith = (change: (url: URL) => void) => {
    const url = new URL(vhost.url());
    change(url);
    return url.href;
  };

  test('says that the password is wrong', async () => {
    const url = urlWith((each) => {
      each.password = 'wrong';
    });
    expect(await refusalOf({ url })).toMatch(/^403 .*ACCESS_REFUSED/);
  });

  test('says that there is no such virtual host', async () => {
    const url = urlWith((each) => {
      each.pathname = '/nowhere';
    });
    expect(await refusalOf({ url })).toMatch(/^530 .*virtual host/);
  });

  test('says that a queue of another type has the name', async () => {
    const model = await connect(vhost.url());
    const channel = await model.createChannel();
    await channel.assertQueue('fanfare.bulk', { durable: true });
    await model.close();
    expect(await refusalOf({})).toMatch(/^406 .*PRECONDITION_FAILED/);
  });
});

describeWith('rabbitmq', 'two installations on the same queues', () => {
  let other: DispatchQueue;

  afterEach(() => other.close());

  test('are told apart, and the log says what to change', async () => {
    const { log, failures } = watchLog();
    const seen: number[] = [];
    other = await openAmqpQueue({ url: vhost.url(), installation: 'app_b', log });
    await other.consume('bulk', 5, noting(seen));
    await open({ installation: 'app_a' });
    await connected();
    await publishSoon(first);
    await publishSoon(first);
    await until(() => failures.length > 0, 'the log');
    expect(failures).toEqual([
      [{ otherInstallation: 'app_a' }, expect.stringContaining('FANFARE_QUEUE_PREFIX')],
    ]);
    await until(async () => (await other.publish('bulk', [second])).length === 1, 'its own message');
    await until(() => seen.length > 0, 'its own message to arrive');
    expect(seen).toEqual([2]);
  });
});

describeWith('rabbitmq', 'the topology', () => {
  let connection: ChannelModel;
  let channel: Channel;

  beforeEach(async () => {
    connection = await connect(vhost.url());
    channel = await connection.createChannel();
    await open();
    await connected();
  });

  afterEach(() => connection.close());

  it('is declared again when a queue was deleted under a publisher', async () => {
    await channel.deleteQueue('fanfare.bulk');
    expect(await queue.publish('bulk', [first])).toEqual([]);
    await publishSoon(first);
    expect(await queue.depth('bulk')).toBe(1);
  });

  it('is declared again when a queue was deleted under a consumer', async () => {
    const seen: number[] = [];
    await queue.consume('bulk', 5, noting(seen));
    await publishSoon(first);
    await until(() => seen.length === 1, 'the first message');
    await channel.deleteQueue('fanfare.bulk');
    await publishSoon(second);
    await until(() => seen.includes(2), 'the next message');
  });

  it('may be deleted and declared again within a moment: the consumer does not wait for ever', async () => {
    const seen: number[] = [];
    await queue.consume('bulk', 1, noting(seen));
    await publishSoon(first);
    await until(() => seen.length === 1, 'the first message');
    await Promise.all([channel.deleteQueue('fanfare.bulk'), assertTopology(channel, nameTopology())]);
    await until(async () => {
      await queue.publish('bulk', [second]);
      return seen.includes(2);
    }, 'the next message');
  });

  it('is declared again when the exchange was deleted', async () => {
    await channel.deleteExchange('fanfare.dispatches');
    expect(await queue.publish('bulk', [first])).toEqual([]);
    await publishSoon(first);
  });

  it('answers the depth again after the dead letters were deleted and declared again', async () => {
    await channel.deleteQueue('fanfare.dead');
    expect(await queue.deadLetters()).toBeUndefined();
    proxy.cut();
    await until(async () => (await queue.deadLetters()) === 0, 'the dead letters to be back');
  });

  it('moves a malformed message to the dead letters without asking the handler', async () => {
    const seen: number[] = [];
    await queue.consume('bulk', 5, noting(seen));
    channel.publish('fanfare.dispatches', 'bulk', Buffer.from('{"v":2}'));
    await until(async () => (await queue.deadLetters()) === 1, 'the dead letter');
    await publishSoon(second);
    await until(() => seen.includes(2), 'the message that proves the consumer goes on');
    expect(seen).toEqual([2]);
    const dead = await channel.get('fanfare.dead');
    const deaths = dead ? dead.properties.headers?.['x-death'] : undefined;
    expect(deaths?.[0]).toMatchObject({ reason: 'rejected', queue: 'fanfare.bulk' });
  });

  it('gives up a message whose handler fails again and again', async () => {
    let failures = 0;
    await queue.consume('bulk', 5, async () => {
      failures += 1;
      throw new Error('broken');
    });
    await publishSoon(first);
    await until(async () => (await queue.deadLetters()) === 1, 'the dead letter');
    expect(failures).toBe(21);
  });
});
