import recordReceiptDocument from '../../schema/operations/recordReceipt.graphql';
import { requestGraphql } from '../sdk/requestGraphql';
import { recall } from '../sdk/subscriptionMemory';
import type { PushData } from './pushMessage';

/** What a person did, in the words of the API's ReceiptEvent. */
export type ReceiptEvent = 'DISPLAYED' | 'CLICKED' | 'DISMISSED';

const TIMEOUT_MS = 5_000;

/**
 * Tells the API what became of a notification, with the token the notification brought along. Never rejects: a receipt
 * that cannot be sent is lost, and the person must not notice.
 */
export async function sendReceipt(
  scope: ServiceWorkerGlobalScope,
  data: PushData | null,
  event: ReceiptEvent,
): Promise<void> {
  const { receipt: token, url } = data?.fanfare ?? {};
  if (typeof token !== 'string' || typeof url !== 'string') return;
  try {
    await post(url, token, event).catch(async (error) => {
      // the public URL may be wrong or barred by the page's policy; the one the page itself uses is not
      const memory = await recall(scope.registration.scope);
      if (!memory || memory.url === url) throw error;
      await post(memory.url, token, event);
    });
  } catch {
    // the API counts what it hears of; nothing here can mend the network
  }
}

async function post(url: string, token: string, event: ReceiptEvent): Promise<void> {
  const options = { keepalive: true, signal: AbortSignal.timeout(TIMEOUT_MS) };
  await requestGraphql({ url }, recordReceiptDocument, { token, event }, options);
}
