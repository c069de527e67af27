import { stripIgnoredCharacters } from 'graphql';
import type { Plugin } from 'vite';

/** Turns `import document from '…/subscribe.graphql'` into the document's text without comments and white space. */
export function graphqlDocument(): Plugin {
  return {
    name: 'graphql-document',
    transform(source, id) {
      if (!id.endsWith('.graphql')) return null;
      return { code: `export default ${JSON.stringify(stripIgnoredCharacters(source))};`, map: null };
    },
  };
}
