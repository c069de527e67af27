import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { findProgram } from '../process/ownProcess';

const run = promisify(execFile);

/** The RabbitMQ that tests share; `FANFARE_TEST_AMQP_URL` names another. */
export const brokerUrl = new URL(process.env.FANFARE_TEST_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672');

export const brokerPort = Number(brokerUrl.port || 5672);

const rabbitmqctl = findProgram('rabbitmqctl');

/** A virtual host of the test's own, at the shared broker. */
export interface Vhost {
  name: string;
  /** The broker's URL for this virtual host, through another port (a proxy) if one is given. */
  url(port?: number): string;
  /** Deletes the virtual host with all that is in it. */
  remove(): Promise<void>;
}

export async function createVhost(): Promise<Vhost> {
  const name = `fanfare_test_${randomBytes(6).toString('hex')}`;
  await control('add_vhost', name);
  await control('set_permissions', '-p', name, brokerUrl.username, '.*', '.*', '.*');
  return {
    name,
    url: (port = brokerPort) => {
      const url = new URL(brokerUrl);
      url.port = String(port);
      url.pathname = `/${name}`;
      return url.href;
    },
    remove: () => control('delete_vhost', name),
  };
}

async function control(...args: string[]): Promise<void> {
  await run(rabbitmqctl ?? 'rabbitmqctl', ['-q', ...args]);
}
