/** The reasons of docs/outcomes.md in words for an operator. */
const words = new Map(
  Object.entries({
    accepted: 'Taken by the push service',
    cancelled: 'Cancelled before it was sent',
    expired: 'Its time ran out before a push service took it',
    'subscription-ended': 'The browser had unsubscribed',
    deferred: 'Waits for its push service',
    'channel-throttled': 'The push service slows this browser’s channel down',
    dropped: 'The push service dropped it',
    'unknown-subscription': 'The browser is no longer subscribed',
    'new-subscription-unknown': 'The push service did not know the new subscription yet',
    'key-mismatch': 'The browser subscribed with another VAPID key',
    'endpoint-refused': 'The push service refused the endpoint',
    'bad-token': 'The push service refused our VAPID token',
    'too-large': 'Too large for the push service',
    'bad-topic': 'The push service refused the topic',
    'too-many-requests': 'Too many requests: slowed down',
    unavailable: 'The push service had a fault',
    redirect: 'The push service redirected; that is not followed',
    'bad-request': 'The push service refused the request',
    'unexpected-status': 'Unexpected answer',
    'bad-subscription-keys': 'The browser’s keys cannot be used for encryption',
    timeout: 'No answer within ten seconds',
    reset: 'The connection broke before an answer',
    refused: 'No connection to the push service',
    dns: 'The push service’s host has no address',
    tls: 'No trusted TLS connection',
    protocol: 'The push service broke HTTP',
    'blocked-address': 'The endpoint’s host is not allowed: nothing was sent',
  }),
);

/** A stored reason in words; one that is not known here is shown as it is. */
export function reasonInWords(reason: string | null): string {
  return reason === null || reason === '' ? '–' : (words.get(reason) ?? reason);
}
