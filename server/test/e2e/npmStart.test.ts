/** `npm start` and its end: npm hands a SIGTERM to its shell only, which must not leave the server behind. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/until';

const program = join(__dirname, '../../dist/main.js');

test('SIGTERM to npm ends the server as SIGTERM to it would', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-'));
  // with a command after it, no shell puts the program in its own place
  const scripts = { start: `"${process.execPath}" "${program}" start --no-push-service; true` };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'installation', scripts }));
  const settings = { PATH: process.env.PATH, FANFARE_PORT: '0', FANFARE_DATA_DIR: folder };
  const npm = spawn('npm', ['start'], {
    ...{ cwd: folder, detached: true, env: settings, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let output = '';
  let isAnyoneLeft = true;
  for (const stream of [npm.stdout, npm.stderr]) {
    stream?.on('data', (bytes) => {
      output += bytes;
    });
  }
  // that is when the last one has ended who could write to it
  npm.on('close', () => {
    isAnyoneLeft = false;
  });
  try {
    await until(() => output.includes('Fanfare is ready'), 'the server', 30_000);
    npm.kill('SIGTERM');
    await until(() => !isAnyoneLeft, 'the end of the server');
    expect(output).toMatch(/"msg":"stopped"/);
  } finally {
    if (isAnyoneLeft && npm.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
