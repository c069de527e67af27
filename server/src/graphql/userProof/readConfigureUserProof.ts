import { createPublicKey, type KeyObject } from 'node:crypto';
import type { UserProofChange } from '../../actions/application/configureUserProof';
import { refuse } from '../fields';
import type { ConfigureUserProofInput } from './userProofTypes';

const leastSecretBytes = 32;
const mostSecretBytes = 400;
const maxKeyLength = 1_000;

/** @throws Refusal BAD_USER_INPUT with the path of the field at fault */
export function readConfigureUserProof(input: ConfigureUserProofInput): UserProofChange {
  const { required, sharedSecret, publicKey } = input;
  return {
    required: required ?? undefined,
    sharedSecret: sharedSecret == null ? sharedSecret : readSecret(sharedSecret),
    publicKey: publicKey == null ? publicKey : readPublicKey(publicKey),
  };
}

/** RFC 7518 section 3.2: a key for HS256 has at least 256 bits. */
function readSecret(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  if (bytes.length < leastSecretBytes || bytes.length > mostSecretBytes) {
    refuse(['input', 'sharedSecret'], `Must have ${leastSecretBytes} to ${mostSecretBytes} bytes.`);
  }
  return bytes;
}

/** @returns the key as PEM (SPKI), whatever it was given as: nothing else of what the caller sent is stored */
function readPublicKey(value: string): string {
  const path = ['input', 'publicKey'];
  const text = value.trim();
  if (text.includes('PRIVATE KEY') || hasPrivateMember(text)) {
    refuse(path, 'This is a private key: keep it, and give the public one.');
  }
  const isShort = text.length <= maxKeyLength && /^[\x20-\x7e\r\n]*$/.test(text);
  const key = isShort ? readP256(text) : undefined;
  if (!key) refuse(path, 'Must be a public key on P-256, PEM (SPKI) or JWK.');
  return key.export({ type: 'spki', format: 'pem' }).toString().trim();
}

/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4: members that only private and symmetric keys have. */
const privateMembers = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']);

/** Looks at the parsed text: a member name can be written with escapes. Key sets have their keys one level down. */
function hasPrivateMember(text: string): boolean {
  let isPrivate = false;
  try {
    JSON.parse(text, (name, member: unknown) => {
      isPrivate ||= privateMembers.has(name);
      return member;
    });
  } catch {
    // PEM
  }
  return isPrivate;
}

function readP256(text: string): KeyObject | undefined {
  try {
    const key = parsePublicKey(text);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Reads PEM (SPKI) or JWK text. @throws Error when it is neither */
export function parsePublicKey(text: string): KeyObject {
  return text.startsWith('{')
    ? createPublicKey({ key: JSON.parse(text), format: 'jwk' })
    : createPublicKey(text);
}
