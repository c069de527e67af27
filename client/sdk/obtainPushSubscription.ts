import { isSubscribedWith } from './applicationServerKey';
import { FanfareError, type FanfareErrorCode, nameOf } from './fanfareError';
import { within } from './within';

/**
 * The browser's push subscription for this VAPID public key: the existing one, or a new one. An old one made with
 * another key ends only when the browser refuses a second one. Throws FanfareError.
 */
export async function obtainPushSubscription(
  pushManager: PushManager,
  vapidPublicKey: string,
): Promise<PushSubscription> {
  try {
    const existing = await pushManager.getSubscription();
    if (existing && !isDeliverable(existing)) await existing.unsubscribe();
    else if (existing && isSubscribedWith(existing, vapidPublicKey)) return existing;
    else if (existing) return await replace(pushManager, existing, vapidPublicKey);
    return await subscribe(pushManager, vapidPublicKey);
  } catch (cause) {
    throw describe(cause);
  }
}

/** Browsers that cannot reach their push service may try for minutes, or for good, while other acts wait. */
const SUBSCRIBE_WITHIN_MS = 30_000;

/** Waits between attempts to get a deliverable endpoint: right after an unsubscribe the next one may be a placeholder. */
const RETRY_AFTER_MS = [1_000, 3_000];

async function subscribe(pushManager: PushManager, vapidPublicKey: string): Promise<PushSubscription> {
  for (const waitMs of [...RETRY_AFTER_MS, undefined]) {
    const made = await subscribeOnce(pushManager, vapidPublicKey);
    if (isDeliverable(made)) return made;
    await made.unsubscribe();
    if (waitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  throw new DOMException('The browser has no push service at the moment', 'AbortError');
}

/** Edge and Chromium hand out `https://permanently-removed.invalid/...` where they have no push service (RFC 2606). */
function isDeliverable({ endpoint }: PushSubscription): boolean {
  return !new URL(endpoint).hostname.endsWith('.invalid');
}

function subscribeOnce(pushManager: PushManager, vapidPublicKey: string): Promise<PushSubscription> {
  // unpadded base64url: Firefox refuses padding
  const made = pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: vapidPublicKey });
  const tooLate = () => new DOMException('The push service did not answer', 'AbortError');
  return within(SUBSCRIBE_WITHIN_MS, made, tooLate);
}

async function replace(
  pushManager: PushManager,
  existing: PushSubscription,
  vapidPublicKey: string,
): Promise<PushSubscription> {
  try {
    const renewed = await subscribe(pushManager, vapidPublicKey);
    if (isSubscribedWith(renewed, vapidPublicKey)) return renewed;
  } catch (error) {
    // Push API: one subscription per registration, another key is an InvalidStateError
    if (nameOf(error) !== 'InvalidStateError') throw error;
  }
  await existing.unsubscribe();
  return await subscribe(pushManager, vapidPublicKey);
}

const CODES: Record<string, FanfareErrorCode> = {
  NotAllowedError: 'PERMISSION_DENIED',
  AbortError: 'PUSH_SERVICE_UNREACHABLE',
  NotSupportedError: 'UNSUPPORTED',
};

function describe(cause: unknown): FanfareError {
  const code = CODES[nameOf(cause)] ?? 'SUBSCRIBE_FAILED';
  const message = cause instanceof Error ? cause.message : 'The browser refused the push subscription';
  return new FanfareError(code, message, { cause });
}
