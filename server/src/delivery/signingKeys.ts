import { createPrivateKey } from 'node:crypto';
import { VapidKey } from '../database/entities/vapidKey';
import type { Database } from '../database/openDatabase';
import type { SealedBox } from '../secrets/sealedBox';
import type { VapidSigningKey } from '../webPush/vapid/vapidSigningKey';

/** Opens VAPID keys as they are first needed and keeps them: a key with an id never changes. */
export class SigningKeys {
  readonly #opened = new Map<number, VapidSigningKey>();

  constructor(
    private readonly database: Database,
    private readonly vapidBox: SealedBox,
    private readonly subject: string,
  ) {}

  /** A key that has been opened before. */
  known(keyId: number): VapidSigningKey | undefined {
    return this.#opened.get(keyId);
  }

  async read(keyId: number): Promise<VapidSigningKey> {
    const known = this.#opened.get(keyId);
    if (known) return known;
    const row = await this.database.entities.findOneByOrFail(VapidKey, { id: keyId });
    const opened = openVapidKey(row, this.vapidBox, this.subject);
    this.#opened.set(keyId, opened);
    return opened;
  }
}

function openVapidKey(row: VapidKey, vapidBox: SealedBox, subject: string): VapidSigningKey {
  const point = Buffer.from(row.publicKey, 'base64url');
  const privateKey = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
      d: vapidBox.open(row.sealedPrivateKey).toString('base64url'),
    },
  });
  return { keyId: row.id, publicKey: row.publicKey, privateKey, subject };
}
