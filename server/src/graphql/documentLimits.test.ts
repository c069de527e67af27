import { getIntrospectionQuery } from 'graphql';
import { hostileDocuments } from '../../test/support/hostileDocuments';
import { refuseHostile } from './documentLimits';

const tooComplex = expect.objectContaining({ code: 'QUERY_TOO_COMPLEX' });

test.each([
  [
    'the introspection query of tools',
    getIntrospectionQuery({ oneOf: true, specifiedByUrl: true, schemaDescription: true }),
  ],
  ['a hundred other names', `{ ${Array.from({ length: 100 }, (_, n) => `a${n}: vapidPublicKey`)} }`],
  ['a fragment in use', '{ ...a ...a } fragment a on Query { vapidPublicKey @include(if: true) }'],
])('%s passes', (_name, text) => {
  expect(() => refuseHostile(text)).not.toThrow();
  expect(() => refuseHostile(text)).not.toThrow();
});

test.each(
  hostileDocuments.filter(
    ([kind, , code]) =>
      code === 'QUERY_TOO_COMPLEX' && kind !== 'lists within lists' && kind !== 'fragments that double up',
  ),
)('%s is refused', (_kind, text) => {
  expect(() => refuseHostile(text)).toThrow(tooComplex);
});
