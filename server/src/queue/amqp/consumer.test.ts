import { EventEmitter } from 'node:events';
import type { Channel, ChannelModel } from 'amqplib';
import { silentLog } from '../../observe/log';
import { AmqpConsumer } from './consumer';
import { ForeignMessages } from './foreignMessages';
import { nameTopology } from './topology';

type Deliver = Parameters<Channel['consume']>[1];

/** A channel on which everything is answered but that it closes. */
class DeafChannel extends EventEmitter {
  deliver: Deliver = () => undefined;

  readonly assertExchange = async () => undefined;
  readonly assertQueue = async () => undefined;
  readonly bindQueue = async () => undefined;
  readonly prefetch = async () => undefined;
  readonly checkQueue = async () => ({ messageCount: 0 });
  readonly cancel = async () => undefined;
  readonly close = () => new Promise<void>(() => undefined);

  async consume(_queue: string, deliver: Deliver): Promise<{ consumerTag: string }> {
    this.deliver = deliver;
    return { consumerTag: 'tag' };
  }
}

test('a consumer that the broker cancelled begins anew, also when its channel does not close', async () => {
  jest.useFakeTimers();
  const channels: DeafChannel[] = [];
  const createChannel = async () => {
    const channel = new DeafChannel();
    channels.push(channel);
    return channel;
  };
  const consumer = new AmqpConsumer({
    lane: 'bulk',
    prefetch: 1,
    handler: async () => 'done',
    topology: nameTopology('fanfare'),
    pauseMs: 1,
    foreign: new ForeignMessages(undefined, silentLog),
    stallCheckMs: 5_000,
    log: silentLog,
  });
  consumer.attach({ createChannel } as unknown as ChannelModel);
  await jest.advanceTimersByTimeAsync(10);
  expect(channels).toHaveLength(1);
  channels[0]?.deliver(null);
  await jest.advanceTimersByTimeAsync(6_000);
  expect(channels).toHaveLength(2);
  const stopped = consumer.stop();
  await jest.advanceTimersByTimeAsync(6_000);
  await stopped;
  jest.useRealTimers();
});
