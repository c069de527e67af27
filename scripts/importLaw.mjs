// The import law: which folder of server/src may import which others.
import { posix } from 'node:path';

const { dirname, join } = posix;
const mostFiles = 20;

/**
 * @param {string} document Markdown with a table whose heading begins "| Room | May import |"
 * @returns {Map<string, Set<string>>} the rooms that each room may import
 */
export function readLaw(document) {
  const table = document.split('| Room | May import |')[1]?.split('\n\n')[0] ?? '';
  const rows = [...table.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)];
  return new Map(
    rows.map(([, room, cell]) => [room, new Set([...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name))]),
  );
}

/**
 * @param {{ file: string, text: string }[]} sources paths relative to `server/src`, without tests
 * @returns {{ from: string, to: string, file: string }[]} every import of another room; `.` is `server/src` itself
 */
export function readImports(sources) {
  return sources.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)]
      .map(([, specifier]) => ({ from: roomOf(file), to: roomOf(join(dirname(file), specifier)), file }))
      .filter(({ from, to }) => from !== to),
  );
}

/**
 * @param {Map<string, Set<string>>} law
 * @param {ReturnType<typeof readImports>} imports
 * @returns {string[]} a sentence for each import that is not allowed, each allowance that nothing uses and each room
 * without a row. `commands` starts everything and is free; `.` holds the settings, read by `processes` and `commands`.
 */
export function breaches(law, imports) {
  const free = (room) => room === 'commands' || room === '.';
  const used = new Set(imports.map(({ from, to }) => `${from} ${to}`));
  const rooms = new Set(imports.map(({ from }) => from).filter((room) => !free(room)));
  return [
    ...imports
      .filter(({ from, to }) => !free(from) && !(to === '.' ? from === 'processes' : law.get(from)?.has(to)))
      .map(({ from, to, file }) => `${file}: ${from} may not import ${to}.`),
    ...[...law].flatMap(([from, allowed]) =>
      [...allowed]
        .filter((to) => !used.has(`${from} ${to}`))
        .map((to) => `${from} may import ${to}, but does not.`),
    ),
    ...[...rooms]
      .filter((room) => !law.has(room))
      .map((room) => `${room} has no row in docs/architecture.md.`),
  ];
}

/**
 * @param {string[]} files
 * @returns {string[]} a sentence for each folder with more source files than a reader can take in
 */
export function crowdedFolders(files) {
  const counts = new Map();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > mostFiles)
    .map(
      ([folder, count]) => `server/src/${folder} has ${count} files; more than ${mostFiles} need folders.`,
    );
}

function roomOf(path) {
  const parts = path.split('/');
  return parts.length === 1 ? '.' : parts[0];
}
