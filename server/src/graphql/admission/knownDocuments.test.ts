import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print, stripIgnoredCharacters } from 'graphql';
import { isKnownDocument, sdkDocuments } from './knownDocuments';

const read = (name: string) =>
  readFileSync(join(__dirname, '../../../../schema/operations', `${name}.graphql`), 'utf8');

test.each(['subscribe', 'unsubscribe', 'vapidPublicKey', 'recordReceipt'])(
  'the document that the SDK sends for %s is known, as the build shortens it',
  (name) => {
    const text = read(name);
    for (const spelling of [text, stripIgnoredCharacters(text), print(parse(text)), ` # comment\n${text}`]) {
      expect(isKnownDocument(spelling)).toBe(true);
    }
  },
);

test('nothing else is', () => {
  expect(sdkDocuments).toHaveLength(4);
  const [first] = sdkDocuments;
  const short = stripIgnoredCharacters(first);
  for (const text of [
    '',
    '{',
    '{ vapidPublicKey }',
    read('notifications'),
    `${first} { a }`,
    `${short} { a }`,
  ]) {
    expect(isKnownDocument(text)).toBe(false);
  }
  expect(isKnownDocument(`${first}${' '.repeat(250_000)}`)).toBe(false);
});
