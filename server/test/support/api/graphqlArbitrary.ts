import fc from 'fast-check';
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import { hostileEndpoints } from '../servers/hostileEndpoints';

const p256dh = 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8';

/** Text as people, browsers and attackers send it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(...hostileEndpoints.map(([endpoint]) => endpoint)),
  fc.constantFrom('', ' ', '\u0000', '\ud800', '../../etc/passwd', "' OR 1=1 --", '__proto__', 'constructor'),
  fc.constantFrom('sub_', 'ntf_AAAAAAAAAAAA', 'key_0', 'dlv_', 'app_1', 'BTBZMqHH6r4Tts7J_aSIgg', p256dh),
  fc.constantFrom('2026-01-31T09:30:00Z', '9999-99-99T99:99:99Z', 'Europe/Berlin', 'en-GB', 'x-'.repeat(40)),
  fc.constantFrom('https://fcm.googleapis.com/fcm/send/a', 'https://push.example.org/a'),
  fc.integer({ min: 1, max: 300 }).map((n) => 'a'.repeat(n * 50)),
);

const hostileNumber = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31,
    2 ** 53,
    1e308,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ),
);

/** Anything JSON can say, and what a type says about it or not. */
const anyJson = fc.oneof(fc.jsonValue(), hostileText, hostileNumber, fc.boolean(), fc.constant(null));

/** Values that mostly fit a type of the schema, and now and then do not. */
export function inputArbitrary(type: GraphQLInputType): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: fitting(type) }, { weight: 1, arbitrary: anyJson });
}

function fitting(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return inputArbitrary(type.ofType);
  if (isListType(type)) return fc.array(inputArbitrary(type.ofType), { maxLength: 6 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((value) => value.name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return fc.record(Object.fromEntries(fields.map((field) => [field.name, inputArbitrary(field.type)])), {
      requiredKeys: fields.filter(isRequiredInputField).map((field) => field.name),
    });
  }
  if (type.name === 'Boolean') return fc.boolean();
  if (type.name === 'Int' || type.name === 'Float') return hostileNumber;
  if (type.name === 'JSONObject') return fc.dictionary(hostileText, anyJson, { maxKeys: 5 });
  return hostileText;
}
