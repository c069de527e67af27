import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The documents of the repository, for tests that hold them to their word. */

export const root = join(__dirname, '../../..');

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Paths from the root, sorted. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

export const documents: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...filesBelow('docs', '.md'),
];

/** What the first group of the pattern matches, each time. */
export const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** The fenced blocks of one language. */
export function blocksOf(text: string, language: string): string[] {
  return found(text, new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'));
}

/** The cells of each table row, by what its first cell has in backticks. */
export function rowsOf(text: string): Map<string, string[]> {
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  return new Map(cells.map(([, name = '', ...rest]) => [/^`([^`]+)`/.exec(name)?.[1] ?? name, rest]));
}
