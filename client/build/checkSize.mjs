// What a page and a service worker load, compressed, is held against a limit: npm run check:size.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const limitBytes = 5_000;
const files = ['fanfare.js', 'fanfare.global.js', 'fanfare-sw.js', 'fanfare-react.js'];

for (const file of files) {
  const { length } = gzipSync(readFileSync(fileURLToPath(new URL(`../dist/sdk/${file}`, import.meta.url))));
  process.stdout.write(`${file} ${length} of ${limitBytes} bytes, compressed\n`);
  if (length > limitBytes) process.exitCode = 1;
}
