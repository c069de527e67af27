// Runs every test: installs and builds first, finds out which services and browsers are there, and says what it left out.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './workspace.mjs';

/** What a test may need: a server that answers, and programs of which the first that is there is taken. */
const needs = [
  {
    name: 'mysql',
    what: 'MySQL or MariaDB on 127.0.0.1:3306 (FANFARE_TEST_MYSQL_URL names another)',
    server: process.env.FANFARE_TEST_MYSQL_URL ?? 'mysql://127.0.0.1:3306',
    programs: [],
    bring: 'apt-get install mariadb-server && service mariadb start',
  },
  {
    name: 'mariadbd',
    what: 'the programs mariadbd and mariadb-install-db',
    programs: [['mariadbd'], ['mariadb-install-db']],
    bring: 'apt-get install mariadb-server',
  },
  {
    name: 'rabbitmq',
    what: 'RabbitMQ on 127.0.0.1:5672 (FANFARE_TEST_AMQP_URL names another) and the program rabbitmqctl',
    server: process.env.FANFARE_TEST_AMQP_URL ?? 'amqp://127.0.0.1:5672',
    programs: [['rabbitmqctl']],
    bring: 'apt-get install rabbitmq-server && service rabbitmq-server start',
  },
  {
    name: 'rabbitmq-server',
    what: 'the program rabbitmq-server',
    programs: [['rabbitmq-server']],
    bring: 'apt-get install rabbitmq-server',
  },
  {
    name: 'firefox',
    what: 'Firefox (FANFARE_FIREFOX names another)',
    programs: [[process.env.FANFARE_FIREFOX, 'firefox-esr', 'firefox']],
    bring: 'apt-get install firefox-esr',
  },
  {
    name: 'chromium',
    what: 'Chromium (FANFARE_CHROMIUM names another)',
    programs: [[process.env.FANFARE_CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome']],
    bring: 'apt-get install chromium',
  },
];

ensureInstalled();
ensureBuilt();
const missing = [];
for (const need of needs) if (!(await isThere(need))) missing.push(need);
const report = join(root, 'node_modules/.fanfare-test-report.json');
rmSync(report, { force: true });
const jest = spawnSync(
  process.execPath,
  [join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${report}`, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, FANFARE_TEST_WITHOUT: missing.map((need) => need.name).join(',') },
  },
);
if (!existsSync(report)) {
  process.stdout.write('0 passed, 1 failed: jest did not run.\n');
  process.exit(1);
}
const counts = JSON.parse(readFileSync(report, 'utf8'));
const suitesBroken = counts.numRuntimeErrorTestSuites;
for (const need of missing) {
  process.stdout.write(`Skipped: everything that needs ${need.what}. To bring it: ${need.bring}\n`);
}
process.stdout.write(
  `${counts.numPassedTests} passed, ${counts.numFailedTests + suitesBroken} failed, ${counts.numPendingTests} skipped\n`,
);
const incomplete = process.env.CI === 'true' && (missing.length > 0 || counts.numPendingTests > 0);
if (incomplete) process.stdout.write('CI=true: a skipped test counts as a failure.\n');
process.exit(jest.status !== 0 || incomplete ? 1 : 0);

async function isThere({ server, programs }) {
  return (
    programs.every((names) => names.some(isProgram)) && (server === undefined || answers(new URL(server)))
  );
}

function isProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return name !== undefined && folders.some((folder) => existsSync(resolve(folder, name)));
}

function answers({ hostname, port, protocol }) {
  return new Promise((done) => {
    const socket = connect(Number(port || (protocol === 'mysql:' ? 3306 : 5672)), hostname);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
