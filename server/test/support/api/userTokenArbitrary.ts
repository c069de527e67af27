import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { hostileText } from './graphqlArbitrary';

export type TokenAlgorithm = 'HS256' | 'ES256';

export const proofSecret = Buffer.from('a secret of thirty-two characters');
const proofKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const foreignKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const proofPem = proofKeys.publicKey.export({ type: 'spki', format: 'pem' }).toString().trim();

/** A token and what it says. */
export interface UserToken {
  readonly text: string;
  readonly header: string;
  readonly claims: string;
  /** The algorithm for whose key, which the application has, the signature is right. */
  readonly signedBy: TokenAlgorithm | undefined;
  /** Its parts are base64url as RFC 7515 wants it. */
  readonly isPlain: boolean;
}

const dayS = 24 * 3_600;
/** Ten seconds and more from each limit, so that no test depends on how fast it runs. */
const offsets = [-1e9, -60, -15, 0, 300, 300.5, 31 * dayS, 31 * dayS + 15, 31 * dayS + 60, 1e9, 1e300];
const time = fc.constantFrom(...offsets).map((offset) => String(Date.now() / 1_000 + offset));

/** JSON text of every type, numbers beyond all bounds and another token included. */
const anyValue = fc.oneof(
  fc.json({ maxDepth: 2 }),
  hostileText.map((text) => JSON.stringify(text.slice(0, 400))),
  time,
  fc.constantFrom('1e999', '-1e999', '-0', '9007199254740993', '123456789012345678901234567890', '1e-400'),
  fc.constantFrom(
    'null',
    'true',
    'false',
    '""',
    '"0"',
    '[]',
    '{}',
    '[null]',
    '[[]]',
    '"\\ud800"',
    '"a\\u0000"',
  ),
  fc.constantFrom('"fanfare"', '["x","fanfare"]', '["fanfare",7]', '[["fanfare"]]', '{"0":"fanfare"}'),
  fc.constant('"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ."'),
);
const often = (good: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: anyValue });
const subject = fc.oneof(
  fc.constantFrom('"ada"', '"ada"', '"a b"', '" ada"', '"ü👋"', JSON.stringify('a'.repeat(256))),
  hostileText.map((text) => JSON.stringify(text.slice(0, 300))),
);
const soon = fc.constant(300).map((offset) => String(Math.floor(Date.now() / 1_000) + offset));

type Member = readonly [name: string, value: string];

const objectText = (members: readonly Member[]) =>
  `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`;

const claimsText = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .tuple(
        often(subject),
        often(fc.oneof(soon, time)),
        fc.array(
          fc.tuple(
            fc.constantFrom(
              'aud',
              'nbf',
              'iat',
              'tags',
              'iss',
              'jti',
              'sub',
              'exp',
              '__proto__',
              'constructor',
            ),
            fc.oneof(anyValue, time),
          ),
          { maxLength: 3 },
        ),
        fc.constantFrom(0, 0, 0, 0, 1, 2),
      )
      .map(([sub, exp, others, without]) =>
        objectText([...[['sub', sub] as const, ['exp', exp] as const].slice(without), ...others]),
      ),
  },
  { weight: 1, arbitrary: anyValue },
  { weight: 1, arbitrary: fc.constantFrom('', '{', '{"sub":"ada"', 'eyJhbGciOiJub25lIn0.e30.', '\u0000') },
);

const headerText = (algorithm: TokenAlgorithm) =>
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc
        .array(
          fc.tuple(
            fc.constantFrom(
              'typ',
              'cty',
              'kid',
              'jku',
              'jwk',
              'x5c',
              'zip',
              'enc',
              'b64',
              'crit',
              '__proto__',
            ),
            fc.oneof(anyValue, fc.constantFrom('"JWT"', '["b64"]', '["exp"]', 'true', 'false')),
          ),
          { maxLength: 2 },
        )
        .map((others) => objectText([['alg', `"${algorithm}"`], ...others])),
    },
    { weight: 1, arbitrary: anyValue },
    {
      weight: 1,
      arbitrary: fc
        .oneof(anyValue, fc.constantFrom('"none"', '"hs256"', '"HS512"', '"ES256"', '"HS256"', '["HS256"]'))
        .map((value) => objectText([['alg', value]])),
    },
  );

function signedBy(signer: string, algorithm: TokenAlgorithm): TokenAlgorithm | undefined {
  if (signer === 'right') return algorithm;
  if (signer !== 'other') return undefined;
  return algorithm === 'HS256' ? 'ES256' : 'HS256';
}

const signers = {
  right: (text: string, algorithm: TokenAlgorithm) =>
    algorithm === 'HS256' ? hmac(text, proofSecret) : ecdsa(text, proofKeys.privateKey),
  foreign: (text: string, algorithm: TokenAlgorithm) =>
    algorithm === 'HS256'
      ? hmac(text, 'another secret of 32 characters!')
      : ecdsa(text, foreignKeys.privateKey),
  /** What is public, taken for a secret. */
  confused: (text: string) => hmac(text, proofPem),
  other: (text: string, algorithm: TokenAlgorithm) =>
    signers.right(text, algorithm === 'HS256' ? 'ES256' : 'HS256'),
  cut: (text: string, algorithm: TokenAlgorithm) => signers.right(text, algorithm).subarray(0, -1),
  none: () => Buffer.alloc(0),
  zero: () => Buffer.alloc(64),
};

function hmac(text: string, secret: string | Buffer): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

function ecdsa(text: string, key: KeyObject): Buffer {
  return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
}

const plain = (bytes: Buffer) => bytes.toString('base64url');
const encodings = [
  (bytes: Buffer) => bytes.toString('base64'),
  (bytes: Buffer) => `${plain(bytes)}=`,
  (bytes: Buffer) => plain(bytes).replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)),
  (bytes: Buffer) => `${plain(bytes).slice(0, 4)} ${plain(bytes).slice(4)}`,
  (bytes: Buffer) => `${plain(bytes)}.`,
  (bytes: Buffer) => `${plain(bytes)}A`,
];

/** Tokens that mostly carry the right signature, so that what they say is read. */
export const userToken = (algorithm: TokenAlgorithm): fc.Arbitrary<UserToken> =>
  fc
    .record({
      header: headerText(algorithm),
      claims: claimsText,
      signer: fc.oneof(
        { weight: 6, arbitrary: fc.constant('right' as const) },
        { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(signers) as (keyof typeof signers)[])) },
      ),
      encode: fc.oneof(
        { weight: 6, arbitrary: fc.constant(plain) },
        { weight: 1, arbitrary: fc.constantFrom(...encodings) },
      ),
    })
    .map(({ header, claims, signer, encode }) => {
      const signed = `${encode(Buffer.from(header))}.${encode(Buffer.from(claims))}`;
      const text = `${signed}.${plain(signers[signer](signed, algorithm))}`;
      return { text, header, claims, signedBy: signedBy(signer, algorithm), isPlain: encode === plain };
    });

/** What is sent in place of a token. */
export const tokenLikeText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '.',
        '..',
        '=',
        'e30',
        'bnVsbA',
        'eyJhbGciOiJIUzI1NiJ9',
        'eyJhbGciOiJFUzI1NiJ9',
        'Bearer ',
      ),
      fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
      fc.base64String({ maxLength: 60 }),
      fc.integer({ min: 1, max: 300 }).map((n) => 'a.'.repeat(n)),
      fc.string({ maxLength: 20 }).map((text) =>
        Buffer.from(text)
          .toString('latin1')
          .replace(/[^\x20-\xff]/g, ''),
      ),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(''));
