import { createPublicKey, type KeyObject } from 'node:crypto';
import type { UserProofChange } from '../../intake/configureUserProof';
import type { ConfigureUserProofInput } from '../types/userProof';
import { refuse } from './fields';

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

function readPublicKey(value: string): string {
  const path = ['input', 'publicKey'];
  const text = value.trim();
  if (text.includes('PRIVATE KEY') || /"d"\s*:/.test(text)) {
    refuse(path, 'This is a private key: keep it, and give the public one.');
  }
  const isShort = text.length <= maxKeyLength && /^[\x20-\x7e\r\n]*$/.test(text);
  if (!isShort || !isP256(text)) refuse(path, 'Must be a public key on P-256, PEM (SPKI) or JWK.');
  return text;
}

function isP256(text: string): boolean {
  try {
    return parsePublicKey(text).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

/** Reads PEM (SPKI) or JWK text. @throws Error when it is neither */
export function parsePublicKey(text: string): KeyObject {
  return text.startsWith('{')
    ? createPublicKey({ key: JSON.parse(text), format: 'jwk' })
    : createPublicKey(text);
}
