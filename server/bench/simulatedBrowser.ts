import { createECDH, createHmac } from 'node:crypto';

/** The push subscription of browser number n, both halves: the same number always gives the same one. */
export interface SimulatedBrowser {
  readonly privateKey: Buffer;
  /** `p256dh`: 65 bytes. */
  readonly publicKey: Buffer;
  /** `auth`: 16 bytes. */
  readonly authSecret: Buffer;
  /** Path of its push endpoint, as long as those of the vendors are. */
  readonly path: string;
}

const seed = 'browsers of the benchmark';
const pathStart = '/wpush/v2/';
const receiver = createECDH('prime256v1');

/**
 * Keys derived from the number: every subscription has its own, none is stored, and the sink can decrypt what it is
 * sent. About 30 us each.
 */
export function simulatedBrowser(index: number): SimulatedBrowser {
  const privateKey = derive('key', index);
  // below the order of P-256, whatever the hash
  privateKey[0] = (privateKey[0] ?? 0) & 0x7f;
  receiver.setPrivateKey(privateKey);
  return {
    privateKey,
    publicKey: receiver.getPublicKey(),
    authSecret: derive('auth', index).subarray(0, 16),
    path: `${pathStart}${index}-${`${index}`.padEnd(16, 'x').repeat(9)}`,
  };
}

/** The number in the path of a push endpoint; NaN when it is none of ours. */
export function browserIndexOf(path: string): number {
  if (!path.startsWith(pathStart)) return Number.NaN;
  return Number(path.slice(pathStart.length, path.indexOf('-', pathStart.length)));
}

function derive(what: string, index: number): Buffer {
  return createHmac('sha256', seed).update(`${what} ${index}`).digest();
}
