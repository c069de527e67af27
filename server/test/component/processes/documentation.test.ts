/** Keeps the documents true: what they name exists, and what exists is named where its reader looks for it. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { breaches, crowdedFolders, readImports, readLaw } from '../../../../scripts/importLaw.mjs';
import { answerRules } from '../../../src/delivery/outcome/answerRules';
import { maxAttempts } from '../../../src/delivery/outcome/retryDelay';
import { pushFailures } from '../../../src/model/pushAnswer';
import { refusalCodes } from '../../../src/model/refusal';
import { blocksOf, documents, filesBelow, found, read, root, rowsOf } from '../../support/documents';

const sources = filesBelow('server/src', '.ts').filter((file) => !file.endsWith('.test.ts'));
const source = sources.map(read).join('\n');
const testSource = ['server/test', 'server/bench', 'server/chaos']
  .flatMap((folder) => filesBelow(folder, '.ts'))
  .map(read)
  .join('\n');

const unique = (values: string[]) => [...new Set(values)].sort();

/** The anchor that GitHub makes of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

describe('configuration', () => {
  const settings =
    /const environment = z\.object\(\{([\s\S]*?)\n\}\);/.exec(read('server/src/config.ts'))?.[1] ?? '';
  const variables = found(settings, /^ {2}(\w+):/gm).filter((name) => name !== 'https_proxy');
  const defaults = new Map(
    settings
      .split(/^ {2}(?=\w+:)/m)
      .map((part) => [/^\w+/.exec(part)?.[0] ?? '', /\.default\('?([^')]+)'?\)/.exec(part)?.[1]]),
  );
  const table = rowsOf(read('docs/operator.md'));

  test('is read from the source', () => expect(variables.length).toBeGreaterThan(15));

  test.each(variables)('%s is in the table of docs/operator.md with its default', (name) => {
    expect([...table.keys()]).toContain(name);
    const value = defaults.get(name);
    if (value !== undefined) expect(table.get(name)?.[0]).toBe(`\`${value}\``);
  });

  test.each(variables.filter((name) => name.startsWith('FANFARE_')))(
    '%s is in docker/.env.example',
    (name) => {
      expect(found(read('docker/.env.example'), /^(?:# )?([A-Z_]+)=/gm)).toContain(name);
    },
  );

  test('names no variable that does not exist', () => {
    const named = unique(
      [...documents, 'docker/.env.example', 'docker/compose.yaml'].flatMap((file) =>
        found(read(file), /\b(FANFARE_[A-Z_]+)\b/g),
      ),
    );
    const ofTests = unique(found(testSource, /process\.env\.(FANFARE_[A-Z_]+)/g));
    const others = ['FANFARE_KEY', 'FANFARE_PUBLISH', 'FANFARE_FILES', ...ofTests];
    expect(named.filter((name) => !variables.includes(name) && !others.includes(name))).toEqual([]);
  });
});

describe('decisions', () => {
  const decisions = filesBelow('docs/adr', '.md');

  test('have a number each, without a gap, that their title repeats', () => {
    const numbers = decisions.map((file) => Number(found(file, /(\d{4})-/g)[0]));
    expect(numbers).toEqual(decisions.map((_, index) => index + 1));
    expect(decisions.map((file) => Number(/^# (\d+)\./.exec(read(file))?.[1]))).toEqual(numbers);
  });
});

describe('links', () => {
  test.each(documents)('of %s lead somewhere', (file) => {
    const targets = found(read(file), /\]\(([^)\s]+)\)/g).filter((target) => !/^[a-z]+:/.test(target));
    const broken = targets.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const place = path === '' ? file : join(dirname(file), path);
      if (!existsSync(join(root, place))) return true;
      return (
        anchor !== undefined &&
        !found(read(place), /^#+ (.+)$/gm)
          .map(anchorOf)
          .includes(anchor)
      );
    });
    expect(broken).toEqual([]);
  });
});

describe('metrics', () => {
  const exported = unique(found(source, /'(fanfare_[a-z_]+)'/g));

  test('are all in the table of docs/operator.md', () => {
    expect([...rowsOf(read('docs/operator.md')).keys()]).toEqual(expect.arrayContaining(exported));
  });

  test('that a document names exist', () => {
    const named = unique(documents.flatMap((file) => found(read(file), /\b(fanfare_[a-z_]+)/g)));
    expect(named.filter((name) => !exported.includes(name) && !name.startsWith('fanfare_test'))).toEqual([]);
  });
});

describe('outcomes', () => {
  const text = read('docs/outcomes.md');
  const union = /export type OutcomeReason =([\s\S]*?);/.exec(read('server/src/model/outcome.ts'))?.[1] ?? '';
  const settlement =
    /export type SettlementReason =([\s\S]*?);/.exec(
      read('server/src/delivery/outcome/settlement.ts'),
    )?.[1] ?? '';
  const reasons = [...pushFailures, ...found(union, /'([a-z-]+)'/g), ...found(settlement, /\| '([a-z-]+)'/g)];

  test.each(unique(reasons))('%s is in docs/outcomes.md', (reason) =>
    expect(text).toContain(`\`${reason}\``),
  );

  test('the table of answers has the rows of the code, in its order', () => {
    const rows = /## Answers\n([\s\S]*?)\n## /.exec(text)?.[1] ?? '';
    const told = found(rows, /^\|[^|]*\|[^|]*\| (\w+ \| `[a-z-]+`) \|/gm);
    expect(told).toEqual(answerRules.map(({ kind, reason }) => `${kind} | \`${reason}\``));
  });

  test('the last attempt is the one after which a delivery is exhausted', () => {
    expect(text).toMatch(new RegExp(`\\| After attempt .*\\| ${maxAttempts} \\|\\n`));
  });
});

describe('errors', () => {
  test('docs/errors.md has every code and no other', () => {
    const told = [...rowsOf(read('docs/errors.md')).keys()].filter((name) => /^[A-Z_]+$/.test(name)).sort();
    expect(told).toEqual([...refusalCodes].sort());
  });
});

describe('GraphQL', () => {
  const schema = buildSchema(read('schema/schema.graphql'));
  const blocks = documents.flatMap((file) =>
    blocksOf(read(file), 'graphql').map((text) => [file, text] as const),
  );
  const bodies = documents.flatMap((file) =>
    blocksOf(read(file), 'sh').flatMap((text) =>
      found(text, /"query": ("(?:[^"\\]|\\.)*")/g).map(
        (query) => [file, JSON.parse(query) as string] as const,
      ),
    ),
  );

  test('is found in blocks and in commands', () => {
    expect(blocks.length).toBeGreaterThan(2);
    expect(bodies.length).toBeGreaterThan(2);
  });

  test.each([...blocks, ...bodies])('in %s fits the schema: %s', (_file, text) => {
    expect(validate(schema, parse(text)).map((error) => error.message)).toEqual([]);
  });
});

describe('the API and the SDK', () => {
  const schema = buildSchema(read('schema/schema.graphql'));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const operations = roots.flatMap((type) => Object.keys(type?.getFields() ?? {}));
  const frontend = read('docs/frontend.md');
  const sdk =
    /export interface Fanfare \{([\s\S]*?)\n\}/.exec(read('client/sdk/createFanfare.ts'))?.[1] ?? '';
  const codes =
    /export type FanfareErrorCode =([\s\S]*?);/.exec(read('client/sdk/fanfareError.ts'))?.[1] ?? '';

  test.each(operations)('%s is in the table of docs/errors.md', (name) => {
    expect(/## Keys and what they may do\n([\s\S]*)/.exec(read('docs/errors.md'))?.[1]).toContain(
      `\`${name}\``,
    );
  });

  test.each(found(sdk, /^ {2}(?:readonly )?(\w+)[(:]/gm))('%s of the SDK is in docs/frontend.md', (name) => {
    expect(frontend).toMatch(new RegExp(`\`${name}[\`(]`));
  });

  test.each(found(codes, /'([A-Z_]+)'/g))('%s is in docs/frontend.md', (code) => {
    expect(frontend).toContain(`\`${code}\``);
  });
});

describe('commands', () => {
  const text = documents.map(read).join('\n');

  test('npm scripts exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = unique(found(text, /npm run ([a-z:-]+)/g));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('fanfare commands that exist are in docs/operator.md', () => {
    const commands = found(read('server/src/commands/commandLine.ts'), /\.command\('([a-z-]+)'\)/g);
    const isTold = (name: string) =>
      new RegExp(`npx fanfare (\\w+ )?${name}\\b|npm (run )?${name}\\b`).test(read('docs/operator.md'));
    expect(commands.filter((name) => !isTold(name))).toEqual([]);
  });

  test('fanfare commands exist', () => {
    const commands = found(read('server/src/commands/commandLine.ts'), /\.command\('([a-z-]+)'\)/g);
    const named = unique(found(text, /npx fanfare ([a-z][a-z-]*)/g));
    expect(named.filter((name) => !commands.includes(name))).toEqual([]);
  });
});

describe('architecture', () => {
  const text = read('docs/architecture.md');
  const rooms = readdirSync(join(root, 'server/src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const tables = unique(found(source, /@Entity\('(\w+)'\)/g));

  test.each([...rooms, ...tables])('%s is described', (name) => expect(text).toContain(`\`${name}\``));
});

describe('the import law', () => {
  const law = readLaw('| Room | May import |\n|---|---|\n| `low` | nothing |\n| `high` | `low` |\n\nText');
  const faultsOf = (...sources: [file: string, text: string][]) =>
    breaches(law, readImports(sources.map(([file, text]) => ({ file, text }))));
  const usual: [string, string] = ['high/deep/a.ts', "import { b } from '../../low/b';"];

  test('lets a room import what its row names', () => expect(faultsOf(usual)).toEqual([]));

  test.each([
    [
      'an import against the law',
      ['low/b.ts', "import type { A } from '../high/a';"],
      'low may not import high.',
    ],
    ['a dynamic one', ['low/b.ts', "await import('../high/a.js');"], 'low may not import high.'],
    [
      'the settings outside of processes',
      ['high/c.ts', "import { c } from '../config';"],
      'high may not import ..',
    ],
    ['a room without a row', ['new/d.ts', "import { b } from '../low/b';"], 'new has no row'],
  ] as const)('reports %s', (_what, [file, text], fault) => {
    expect(faultsOf(usual, [file, text]).join('\n')).toContain(fault);
  });

  test('reports what it allows and nothing uses', () => {
    expect(faultsOf(['low/b.ts', ''])).toEqual(['high may import low, but does not.']);
  });

  test('reports a folder of more than 20 files', () => {
    const files = Array.from({ length: 21 }, (_, index) => `high/${index}.ts`);
    expect(crowdedFolders(files)).toHaveLength(1);
    expect(crowdedFolders(files.slice(1))).toEqual([]);
  });
});
