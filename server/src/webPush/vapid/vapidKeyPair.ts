import { createECDH } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../../model/refusal';

/** A P-256 key pair for RFC 8292: the public point (65 bytes) as base64url, and the private scalar (32 bytes). */
export interface VapidKeyPair {
  readonly publicKey: string;
  readonly privateKey: Buffer;
}

const scalarLength = 32;

export function generateVapidKeyPair(): VapidKeyPair {
  const ecdh = createECDH('prime256v1');
  const publicKey = ecdh.generateKeys().toString('base64url');
  const scalar = ecdh.getPrivateKey();
  // a scalar with leading zeros comes out short
  const privateKey = Buffer.concat([Buffer.alloc(scalarLength - scalar.length), scalar]);
  return { publicKey, privateKey };
}

const keyPair = z.object({ publicKey: z.string(), privateKey: z.string() });

/**
 * Reads a key pair as Web Push libraries write it: `{"publicKey": "…", "privateKey": "…"}`, both base64url.
 * @throws Refusal BAD_USER_INPUT when it is anything else, or when the two do not belong together
 */
export function readVapidKeyPair(json: string): VapidKeyPair {
  const { publicKey, privateKey } = keyPair.safeParse(parseJson(json)).data ?? {};
  const scalar = Buffer.from(privateKey ?? '', 'base64url');
  if (publicKey === undefined || scalar.length !== scalarLength || publicPoint(scalar) !== publicKey) {
    throw new Refusal(
      'BAD_USER_INPUT',
      'Not a VAPID key pair: give {"publicKey": "…", "privateKey": "…"}, both base64url without padding, that belong together.',
    );
  }
  return { publicKey, privateKey: scalar };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns undefined for a scalar outside the curve's range */
function publicPoint(scalar: Buffer): string | undefined {
  const ecdh = createECDH('prime256v1');
  try {
    ecdh.setPrivateKey(scalar);
    return ecdh.getPublicKey().toString('base64url');
  } catch {
    return undefined;
  }
}
