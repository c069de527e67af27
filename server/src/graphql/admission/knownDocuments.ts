import { stripIgnoredCharacters } from 'graphql';

/** What the SDK and the service worker send: schema/operations, of which these are the ones that need no secret key. */
export const sdkDocuments = [
  'query VapidPublicKey { vapidPublicKey }',
  'mutation Subscribe($input: SubscribeInput!) { subscribe(input: $input) { created subscription { id userId tags } } }',
  'mutation Unsubscribe($endpoint: String!) { unsubscribe(input: { endpoint: $endpoint }) { unsubscribed } }',
  'mutation RecordReceipt($token: String!, $event: ReceiptEvent!) { recordReceipt(token: $token, event: $event) }',
] as const;

const known: ReadonlySet<string> = new Set(sdkDocuments.map(stripIgnoredCharacters));

/** A longer text is not compared: the SDK's longest document has 150 characters. */
const maxLength = 1_000;

/** True for a document of the SDK, however it is spaced. Compares text and parses nothing. */
export function isKnownDocument(text: string): boolean {
  return known.has(text) || (text.length <= maxLength && known.has(withoutSpacing(text)));
}

function withoutSpacing(text: string): string {
  try {
    return stripIgnoredCharacters(text);
  } catch {
    // not GraphQL
    return '';
  }
}
