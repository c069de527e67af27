import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stripIgnoredCharacters } from 'graphql';
import { isKnownDocument, sdkDocuments } from './knownDocuments';

const read = (name: string) =>
  readFileSync(join(__dirname, '../../../schema/operations', `${name}.graphql`), 'utf8');

test.each(['subscribe', 'unsubscribe', 'vapidPublicKey', 'recordReceipt'])(
  'the document that the SDK sends for %s is known, as the build shortens it',
  (name) => {
    expect(isKnownDocument(parse(read(name)))).toBe(true);
    expect(isKnownDocument(parse(stripIgnoredCharacters(read(name))))).toBe(true);
  },
);

test('nothing else is', () => {
  expect(sdkDocuments).toHaveLength(4);
  for (const text of ['{ vapidPublicKey }', read('notifications'), `${read('vapidPublicKey')} { a }`]) {
    expect(isKnownDocument(parse(text))).toBe(false);
  }
});
