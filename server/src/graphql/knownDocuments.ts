import { type DocumentNode, parse, print } from 'graphql';

/** What the SDK and the service worker send: schema/operations, of which these are the ones that need no secret key. */
export const sdkDocuments = [
  'query VapidPublicKey { vapidPublicKey }',
  'mutation Subscribe($input: SubscribeInput!) { subscribe(input: $input) { created subscription { id userId tags } } }',
  'mutation Unsubscribe($endpoint: String!) { unsubscribe(input: { endpoint: $endpoint }) { unsubscribed } }',
  'mutation RecordReceipt($token: String!, $event: ReceiptEvent!) { recordReceipt(token: $token, event: $event) }',
] as const;

const known = new Set(sdkDocuments.map((text) => print(parse(text))));

/** True for a document of the SDK, however it is spaced. */
export function isKnownDocument(document: DocumentNode): boolean {
  return known.has(print(document));
}
