import { exampleVariables } from './exampleVariables';

/** One ready-made document of schema/operations: `about` is its first comment, `variables` JSON to start from. */
export interface ExampleOperation {
  name: string;
  about: string;
  query: string;
  variables: string;
}

const sources = import.meta.glob<string>('../../schema/operations/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Every document of schema/operations, in the order of their names. */
export const exampleOperations: ExampleOperation[] = Object.entries(sources).map(([path, query]) => {
  const name = path.replace(/^.*\/|\.graphql$/g, '');
  const about = /^# (.*)/.exec(query)?.[1] ?? '';
  return { name, about, query, variables: JSON.stringify(exampleVariables[name] ?? {}, null, 2) };
});
