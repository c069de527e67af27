import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** From `server/dist/chaos/chaos`, where this file runs. */
const folder = join(__dirname, '../../../../schema/operations');

/** The text of `schema/operations/<name>.graphql`: one that the SDK or the service worker sends. */
export function knownDocument(name: string): string {
  return readFileSync(join(folder, `${name}.graphql`), 'utf8');
}
