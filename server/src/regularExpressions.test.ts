/** Every regular expression of the server and the client takes time in proportion to its text, whatever that is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

interface Found {
  readonly file: string;
  readonly expression: RegExp;
}

const root = join(__dirname, '../..');
const folders = [
  'server/src',
  'client/sdk',
  'client/service-worker',
  'client/demo',
  'client/console',
  'client/react',
  'client/playground',
];

function expressionsOf(folder: string): Found[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'));
  return sources.flatMap((name) => {
    const file = join(folder, name);
    return literalsIn(readFileSync(join(root, file), 'utf8'), file).map((expression) => ({
      file,
      expression,
    }));
  });
}

function literalsIn(source: string, file: string): RegExp[] {
  const found: RegExp[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('type' in node && node.type === 'RegExpLiteral' && 'pattern' in node && 'flags' in node) {
      found.push(new RegExp(String(node.pattern), String(node.flags)));
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(source, { syntax: 'typescript', tsx: file.endsWith('x'), decorators: true }));
  return found;
}

/** Runs of text that the parts of an expression look for: its literal words, one character of each class, and all of it. */
function seedsOf({ source }: RegExp): string[] {
  const plain = source
    .replaceAll(/\\[dw]/g, '0')
    .replaceAll(/\\s/g, ' ')
    .replaceAll(/\\p\{\w+\}|\\[bB]|\(\?[:!=]|\(\?<[!=]/g, '')
    .replaceAll(/\[\^[^\]]*\]/g, '~')
    .replaceAll(/\[\\?(.)[^\]]*\]/g, '$1')
    .replaceAll(/\{[\d,]+\}/g, '');
  const words = plain
    .split(/[()|]/)
    .map((word) => word.replaceAll(/(?<!\\)[\^$*+?]/g, '').replaceAll('\\', ''));
  const whole = words.join('');
  const firsts = words.map((word) => word.slice(0, 1));
  return [...new Set([...words, ...firsts, whole, ' ', '.', 'a', '0', '-', '/', '"'])].filter(
    (seed) => seed !== '',
  );
}

const endings = ['\n', '!', 'a\n'];
const bytes = 250_000;
/** Shorter times are noise. */
const floorMs = 8;

/** CPU time of this process, in milliseconds. */
function timeOf(expression: RegExp, text: string): number {
  const before = process.cpuUsage();
  text.replace(expression, '');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/**
 * Doubles the text until it has 250 kB or the time shows that it grows faster than the text. Compares with a quarter of the
 * text: that is three times for each doubling, and one jump, where a cache or the stack of the engine overflows, is none.
 */
function growsTooFast(expression: RegExp, seed: string, prefix: string, ending: string): boolean {
  const textOf = (length: number) => prefix + seed.repeat(Math.ceil(length / seed.length)) + ending;
  const best = (text: string) => Math.min(...Array.from({ length: 5 }, () => timeOf(expression, text)));
  for (let length = bytes / 64; length <= bytes; length *= 2) {
    const long = textOf(length);
    if (timeOf(expression, long) < floorMs) continue;
    const quarter = textOf(length / 4);
    const isMuchMore = () => best(long) > Math.max(floorMs, 9 * best(quarter));
    // a busy machine, or the engine before it has compiled the expression, spoils one comparison but hardly three
    if (isMuchMore() && isMuchMore() && isMuchMore()) return true;
  }
  return false;
}

function hostileText(expression: RegExp): string | undefined {
  const seeds = seedsOf(expression);
  for (const seed of seeds) {
    for (const prefix of ['', ...seeds.slice(0, 2)]) {
      for (const ending of endings) {
        if (growsTooFast(expression, seed, prefix, ending)) return JSON.stringify([prefix, seed, ending]);
      }
    }
  }
  return undefined;
}

const found = folders.flatMap(expressionsOf);

test('the expressions are found', () => {
  expect(found.length).toBeGreaterThan(60);
});

test.each([/ Did you mean [^\n]*$/, /=+$/, /AppleWebKit(?!.*Chrom)/, /\s+$/, / at "(.+)"$/])(
  'a hostile text is found for %s',
  (expression) => {
    expect(hostileText(expression)).toBeDefined();
  },
);

test.each(found.map(({ file, expression }) => [file, expression] as const))('%s: %s', (_file, expression) => {
  expect(hostileText(expression)).toBeUndefined();
});

test('no expression is built from text, where this file would not find it', () => {
  const built = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
      .map((file) => join(folder, file))
      .filter((file) => /\bRegExp\(/.test(readFileSync(join(root, file), 'utf8'))),
  );
  expect(built).toEqual([]);
});
