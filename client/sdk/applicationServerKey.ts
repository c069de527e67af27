/** Whether a push subscription was made with this VAPID public key (base64url, unpadded). */
export function isSubscribedWith(subscription: PushSubscription, vapidPublicKey: string): boolean {
  const key = subscription.options.applicationServerKey;
  return key !== null && encodeBase64url(new Uint8Array(key)) === vapidPublicKey;
}

function encodeBase64url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
