/** Whoever copies a command or an operation out of the documents gets what they promise. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { callGraphql, operation } from '../support/api/graphqlCall';
import { blocksOf, documents, found, read, root, rowsOf } from '../support/documents';
import { OwnProcess } from '../support/process/ownProcess';
import { freePortPair } from '../support/servers/freePort';
import { until } from '../support/until';

const run = promisify(execFile);
const program = join(root, 'server/dist/main.js');
const key = 'fs_as_if_printed_at_the_first_start';
const folder = mkdtempSync(join(tmpdir(), 'fanfare-documents-'));

let server: OwnProcess;
let url: string;
let pushUrl: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  const port = await freePortPair();
  url = `http://127.0.0.1:${port}`;
  pushUrl = `http://localhost:${port + 1}`;
  environment = {
    PATH: process.env.PATH,
    FANFARE: url,
    FANFARE_KEY: key,
    FANFARE_ADMIN_KEY: key,
    FANFARE_DATA_DIR: folder,
    FANFARE_PORT: String(port),
  };
  server = new OwnProcess(process.execPath, [program, 'start'], environment);
  await until(async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok, 'the start', 60_000);
}, 90_000);

afterAll(async () => {
  await server.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

/** A command as it stands in a document, at this server and with this checkout's program. */
async function shell(text: string): Promise<string> {
  const here = text
    .replaceAll('http://127.0.0.1:4000', url)
    .replaceAll('http://localhost:4001', pushUrl)
    .replaceAll('curl -s', 'curl -s --fail-with-body')
    .replaceAll('npx fanfare', `"${process.execPath}" "${program}"`)
    .replace(/^export FANFARE.*$/gm, '');
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here], { cwd: folder, env: environment });
  return stdout;
}

/** The application and the file that an example takes as given. Each pair can be imported once. */
async function prepare(line: string): Promise<void> {
  if (line.includes('< pair.json')) await shell('npx fanfare vapid generate > pair.json');
  const name = /--application (\w+)/.exec(line)?.[1];
  if (name === undefined) return;
  const mutation = `mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } } }`;
  await callGraphql(url, key, mutation, { input: { name } });
}

const shellBlocks = documents.flatMap((file) =>
  blocksOf(read(file), 'sh').map((text) => [file, text] as const),
);

async function send(): Promise<string> {
  const { sendNotification } = await callGraphql<{ sendNotification: { notification: { id: string } } }>(
    url,
    key,
    operation('sendToTag'),
    { tags: { anyOf: ['nobody'] }, content: { title: 'Hello' } },
  );
  return sendNotification.notification.id;
}

async function applicationId(): Promise<string> {
  const { applications } = await callGraphql<{ applications: { id: string }[] }>(
    url,
    key,
    '{ applications { id } }',
  );
  return applications[0]?.id ?? '';
}

describe('commands', () => {
  test.each(shellBlocks.filter(([, text]) => text.includes('curl')))('of %s: %s', async (_file, text) => {
    const output = await shell(text);
    expect(output).toContain('{');
    expect(output).not.toContain('"errors"');
  });

  const lines = shellBlocks.flatMap(([file, text]) =>
    found(text, /^(npx fanfare .*?)(?: +#.*)?$/gm).map((line) => [file, line] as const),
  );

  // a push service runs until it is stopped; secrets and restored want the server stopped, and have tests of their own
  test.each(lines.filter(([, line]) => !/ push-service| secrets | restored /.test(line)))(
    'of %s: %s',
    async (_file, line) => {
      await prepare(line);
      const printed = await shell(line);
      const file = / > .* (\S+)$/.exec(line)?.[1];
      expect(file === undefined ? printed : readFileSync(join(folder, file), 'utf8')).not.toBe('');
    },
  );
});

describe('operations', () => {
  const operations = documents.flatMap((file) =>
    blocksOf(read(file), 'graphql').map((text) => [file, text] as const),
  );

  test.each(operations)('of %s: %s', async (_file, text) => {
    const variables = { id: await send(), secret: 'a secret that a back end and Fanfare share', after: null };
    const declared = found(text, /\$(\w+): /g);
    const given = Object.entries(variables).filter(([name]) => declared.includes(name));
    const document = text.replace('"app_…"', JSON.stringify(await applicationId()));
    expect(await callGraphql(url, key, document, Object.fromEntries(given))).toBeTruthy();
  });
});

test('the program of docs/integrator.md follows a notification to its end', async () => {
  const [text = ''] = blocksOf(read('docs/integrator.md'), 'js').filter((block) =>
    block.includes('graphql-ws'),
  );
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'progress.mjs'), text);
  const { stdout } = await run(process.execPath, [join(folder, 'progress.mjs'), await send()], {
    env: environment,
  });
  expect(stdout).toContain('COMPLETED');
});

describe('paths', () => {
  const table = /## Paths\n([\s\S]*?)\n## /.exec(read('docs/operator.md'))?.[1] ?? '';
  const paths = [...rowsOf(table).keys()].filter((name) => name.startsWith('/') && name !== '/graphql');

  test.each(paths)('%s of docs/operator.md is served', async (path) => {
    expect((await fetch(url + path)).status).toBe(200);
  });
});
