/** What an operator has mistaken ends the program at once, with a sentence that says what to change. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnProcess } from '../support/process/ownProcess';
import { runCommand } from '../support/process/runCommand';
import { until } from '../support/until';

const program = join(__dirname, '../../dist/main.js');

async function fault(args: string[], settings: Record<string, string> = {}): Promise<string> {
  const { status, output } = await runCommand(args, { PATH: process.env.PATH, ...settings });
  expect(status).toBe(1);
  // no stack is shown for what is no bug
  expect(output).not.toMatch(/^\s+at /m);
  return output;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a port in use names the variable', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = String(typeof address === 'object' && address ? address.port : 0);
  const settings = { FANFARE_PORT: port, FANFARE_DATA_DIR: folder };
  expect(await fault(['start', '--no-push-service'], settings)).toContain(`FANFARE_PORT: another program`);
  expect(await fault(['push-service', '--port', port])).toContain('--port: another program');
  server.close();
});

test.each([['start'], ['migrate']])(
  '%s: a data directory that cannot be made names the variable',
  async (name) => {
    expect(await fault([name], { FANFARE_PORT: '0', FANFARE_DATA_DIR: '/proc/x' })).toContain(
      'FANFARE_DATA_DIR: /proc/x: it cannot be made there.',
    );
    writeFileSync(join(folder, 'file'), '');
    expect(await fault([name], { FANFARE_PORT: '0', FANFARE_DATA_DIR: join(folder, 'file') })).toContain(
      'a part of the path is a file.',
    );
  },
);

test.each(['abc', '65536', '-1', ''])('push-service --port=%s says what a port is', async (port) => {
  expect(await fault(['push-service', `--port=${port}`])).toContain('--port: must be a whole number from 0');
});

test.each([['start', '--no-push-service'], ['start', '--role', 'worker'], ['migrate']])(
  'SIGTERM ends %s %s at once while it waits for its database',
  async (...args) => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    let isAsked = false;
    silent.on('connection', () => {
      isAsked = true;
    });
    const own = new OwnProcess(process.execPath, [program, ...args], {
      PATH: process.env.PATH,
      FANFARE_DATABASE_URL: `mysql://root@127.0.0.1:${port}/fanfare`,
      FANFARE_AMQP_URL: 'amqp://127.0.0.1:1',
      FANFARE_SECRET: 'x'.repeat(32),
      FANFARE_PORT: '0',
      FANFARE_DATA_DIR: folder,
    });
    await until(() => isAsked, 'a question to the database');
    await own.end('SIGTERM');
    // 128 + 15: its own handler, as process 1 of a container has no other
    expect(own.exitStatus).toBe(143);
    silent.close();
  },
);
