import { parentPort } from 'node:worker_threads';
import { encryptOrRefuse } from './encryptPayload';
import { packBuffers, unpackBuffers } from './packedBuffers';

/*
 * A thread of `EncryptionThreads`. In: plaintext, p256dh and auth of each message, packed. Out: a body for each, in the
 * same order; an empty one where the keys are none that can be encrypted to.
 */

const nothing = Buffer.alloc(0);

function encryptAll(packed: ArrayBuffer): ArrayBuffer {
  const fields = unpackBuffers(packed);
  const bodies: Buffer[] = [];
  for (let index = 0; index < fields.length; index += 3) {
    const [plaintext = nothing, p256dh = nothing, auth = nothing] = fields.slice(index, index + 3);
    bodies.push(encryptOrRefuse(plaintext, p256dh, auth) ?? nothing);
  }
  return packBuffers(bodies);
}

parentPort?.on('message', (packed: ArrayBuffer) => {
  const bodies = encryptAll(packed);
  parentPort?.postMessage(bodies, [bodies]);
});
