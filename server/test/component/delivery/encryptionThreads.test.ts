import { createECDH, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { decrypt } from 'http_ece';
import { EncryptionThreads } from '../../../src/webPush/encryption/encryptionThreads';

const compiled = join(__dirname, '../../../dist/webPush/encryption/encryptionThread.js');

function userAgent() {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  return { ecdh, p256dh: ecdh.getPublicKey(), auth: randomBytes(16) };
}

describe.each([1, 2])('%i threads', (count) => {
  let threads: EncryptionThreads;
  beforeAll(() => {
    threads = new EncryptionThreads(count, compiled);
  });
  afterAll(() => threads.stop());

  test('each of many user agents decrypts its own message, however many come at once', async () => {
    const agents = Array.from({ length: 300 }, userAgent);
    const bodies = await Promise.all(
      agents.map(({ p256dh, auth }, index) =>
        threads.encrypt(Buffer.from(`for ${index} ${'.'.repeat(index * 13)}`), p256dh, auth),
      ),
    );
    const read = agents.map(({ ecdh, auth }, index) =>
      decrypt(bodies[index] ?? Buffer.alloc(0), {
        version: 'aes128gcm',
        privateKey: ecdh,
        authSecret: auth,
      }).toString(),
    );
    expect(read).toEqual(agents.map((_, index) => `for ${index} ${'.'.repeat(index * 13)}`));
    const keys = bodies.map((body) => body?.toString('hex', 0, 86));
    expect(new Set(keys).size).toBe(agents.length);
  });

  test('keys that cannot be encrypted to are told of, beside messages that can', async () => {
    const agent = userAgent();
    const plaintext = Buffer.from('x');
    const [before, beside, cut, after] = await Promise.all([
      threads.encrypt(plaintext, agent.p256dh, agent.auth),
      threads.encrypt(plaintext, Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)]), agent.auth),
      threads.encrypt(plaintext, agent.p256dh, agent.auth.subarray(1)),
      threads.encrypt(plaintext, agent.p256dh, agent.auth),
    ]);
    expect([before?.length, beside, cut, after?.length]).toEqual([104, undefined, undefined, 104]);
  });

  test('it says when more waits than it will take next, and when that is over', async () => {
    const { p256dh, auth } = userAgent();
    expect(threads.isBehind).toBe(false);
    const many = Array.from({ length: 200 }, () => threads.encrypt(Buffer.from('x'), p256dh, auth));
    expect(threads.isBehind).toBe(true);
    await Promise.all(many);
    expect(threads.isBehind).toBe(false);
  });
});
