const content = { title: 'Hear, hear!', body: 'Sent from the playground', navigate: 'https://example.org/' };
const audience = { tags: { anyOf: ['demo'] } };
const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString();

/** Variables to start from, by the name of the document; a document that is missing here takes none. */
export const exampleVariables: Record<string, object> = {
  audienceSize: { audience },
  cancel: { id: 'ntf_…' },
  createApiKey: {
    input: { name: 'partner', kind: 'SECRET', scopes: ['notifications:send', 'notifications:read'] },
  },
  notification: { id: 'ntf_…', first: 20 },
  notificationProgress: { id: 'ntf_…' },
  notifications: { first: 10 },
  pushSubscriptions: { first: 10, userId: 'demo' },
  recordReceipt: { token: '…', event: 'DISPLAYED' },
  revokeApiKey: { id: 'key_…' },
  schedule: { audience, content, sendAt: tomorrow },
  sendToEveryone: { content, idempotencyKey: 'playground-everyone-1' },
  sendToTag: { tags: audience.tags, content, idempotencyKey: 'playground-tag-1' },
  sendToUser: { userIds: ['demo'], content, ttl: 3600, urgency: 'HIGH' },
  subscribe: {
    input: {
      subscription: { endpoint: 'https://…', expirationTime: null, keys: { p256dh: '…', auth: '…' } },
      userId: 'demo',
      tags: ['demo'],
    },
  },
  unsubscribe: { endpoint: 'https://…' },
};
