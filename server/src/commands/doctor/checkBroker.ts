import type { Config } from '../../config';
import { openAmqpQueue } from '../../queue/amqp/amqpQueue';
import { type Finding, fault, ok } from './finding';

const deadlineMs = 5_000;

/** Connects to RabbitMQ and declares the queues, as a worker does. */
export async function checkBroker({ amqpUrl, amqpCaFile, queuePrefix }: Config): Promise<Finding[]> {
  if (amqpUrl === undefined) return [ok('The queue is embedded.')];
  let refusal: string | undefined;
  const onRefusal = (reply: string) => {
    refusal = reply;
  };
  const queue = await openAmqpQueue({ url: amqpUrl, caFile: amqpCaFile, prefix: queuePrefix, onRefusal });
  const giveUpAt = performance.now() + deadlineMs;
  while (!queue.connected && refusal === undefined && performance.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const answers = queue.connected;
  await queue.close();
  if (answers) return [ok('RabbitMQ answers.')];
  if (refusal !== undefined) return [fault(`FANFARE_AMQP_URL: RabbitMQ refuses: ${refusal}.`)];
  return [fault('FANFARE_AMQP_URL: RabbitMQ does not answer at this host and port.')];
}
