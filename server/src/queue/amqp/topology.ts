import type { Channel } from 'amqplib';
import { type Lane, lanes } from '../../model/lane';

/** What a broker redelivers this often is taken for poison, whatever our own verdicts missed. */
const deliveryLimit = 20;

/** Dead letters are references for a person to look at; the oldest make room. */
const deadLettersKept = 100_000;

/** The names we use at the broker; the only place that makes them up. */
export interface Topology {
  /** Direct exchange; the routing key is the lane. */
  exchange: string;
  /** Fanout exchange that the lanes dead-letter to. */
  deadExchange: string;
  deadQueue: string;
  queues: Record<Lane, string>;
}

/** Names everything after a prefix, so that two installations can share a virtual host. */
export function nameTopology(prefix = 'fanfare'): Topology {
  return {
    exchange: `${prefix}.dispatches`,
    deadExchange: `${prefix}.dead`,
    deadQueue: `${prefix}.dead`,
    queues: { transactional: `${prefix}.transactional`, bulk: `${prefix}.bulk` },
  };
}

/**
 * Declares exchanges, quorum queues and bindings (RabbitMQ 3.10 and later, the same arguments for all).
 * Idempotent. Rejects, and closes the channel, when something of that name exists with other arguments.
 */
export async function assertTopology(channel: Channel, topology: Topology): Promise<void> {
  await channel.assertExchange(topology.exchange, 'direct', { durable: true });
  await channel.assertExchange(topology.deadExchange, 'fanout', { durable: true });
  await channel.assertQueue(topology.deadQueue, {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-max-length': deadLettersKept },
  });
  await channel.bindQueue(topology.deadQueue, topology.deadExchange, '');
  for (const lane of lanes) {
    await channel.assertQueue(topology.queues[lane], {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-delivery-limit': deliveryLimit,
        'x-dead-letter-exchange': topology.deadExchange,
        // at-least-once dead-lettering takes effect only together with reject-publish
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
    });
    await channel.bindQueue(topology.queues[lane], topology.exchange, lane);
  }
}
