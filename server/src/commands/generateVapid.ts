import { generateVapidKeyPair } from '../webPush/vapid/vapidKeyPair';

/** `fanfare vapid generate`: both keys base64url without padding, as every Web Push library takes them. */
export function generateVapid(): void {
  const { publicKey, privateKey } = generateVapidKeyPair();
  process.stdout.write(
    `${JSON.stringify({ publicKey, privateKey: privateKey.toString('base64url') }, null, 2)}\n`,
  );
}
