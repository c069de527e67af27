import recordReceiptDocument from '../../schema/operations/recordReceipt.graphql';
import { FanfareError } from './fanfareError';
import { requestGraphql } from './requestGraphql';
import { recall } from './subscriptionMemory';

/** What a person did, in the words of the API's ReceiptEvent. */
export type ReceiptEvent = 'DISPLAYED' | 'CLICKED' | 'DISMISSED';

/** The word to be given: the notification's token, and the address of the API that came with it. */
export interface Receipt {
  token: string;
  event: ReceiptEvent;
  url: string;
}

const TIMEOUT_MS = 5_000;

/** A later attempt may find these gone; every other refusal is for good. */
const PASSING = ['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED'];

/**
 * Gives one receipt to the API. Never rejects.
 * @returns false when a later attempt may succeed: offline, 5xx, too many requests
 */
export async function postReceipt(scope: string, receipt: Receipt): Promise<boolean> {
  const first = await post(receipt.url, receipt);
  if (first === 'taken') return true;
  // the public URL may be wrong or barred by the page's policy; the one the page itself uses is not
  const memory = await recall(scope).catch(() => undefined);
  const second = memory && memory.url !== receipt.url ? await post(memory.url, receipt) : 'refused';
  return second === 'taken' || (first === 'refused' && second === 'refused');
}

async function post(url: string, { token, event }: Receipt): Promise<'taken' | 'refused' | 'unheard'> {
  try {
    const options = { keepalive: true, timeoutMs: TIMEOUT_MS };
    await requestGraphql({ url }, recordReceiptDocument, { token, event }, options);
    return 'taken';
  } catch (error) {
    return error instanceof FanfareError && PASSING.includes(error.code) ? 'unheard' : 'refused';
  }
}
