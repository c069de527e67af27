// Runs every test: installs and builds first, finds out which services and browsers are there, and says what it left out.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './workspace.mjs';

const needs = [
  {
    name: 'mysql',
    what: 'MySQL or MariaDB on 127.0.0.1:3306',
    port: 3306,
    bring: 'apt-get install mariadb-server && service mariadb start',
  },
  {
    name: 'rabbitmq',
    what: 'RabbitMQ on 127.0.0.1:5672',
    port: 5672,
    bring: 'apt-get install rabbitmq-server && service rabbitmq-server start',
  },
  {
    name: 'firefox',
    what: 'Firefox',
    files: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
    bring: 'apt-get install firefox-esr',
  },
  {
    name: 'chromium',
    what: 'Chromium',
    files: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    bring: 'apt-get install chromium',
  },
];

ensureInstalled();
ensureBuilt();
const missing = [];
for (const need of needs) if (!(await isThere(need))) missing.push(need);
const report = join(root, 'node_modules/.fanfare-test-report.json');
const jest = spawnSync(
  process.execPath,
  [join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${report}`, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, FANFARE_TEST_WITHOUT: missing.map((need) => need.name).join(',') },
  },
);
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

function isThere(need) {
  if (need.files) return need.files.some((file) => existsSync(file));
  return new Promise((resolve) => {
    const socket = connect(need.port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
