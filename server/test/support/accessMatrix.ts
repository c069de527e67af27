import { randomUUID } from 'node:crypto';
import type { ApiKeyScope } from '../../src/model/apiKey';

/** Who can ask: no key, a key of another kind or state, or a secret key with one scope. */
export const callerKinds = [
  'none',
  'unknown',
  'revoked',
  'publishable',
  'notifications:send',
  'notifications:read',
  'subscriptions:read',
  'subscriptions:write',
  'admin',
] as const satisfies ReadonlyArray<string | ApiKeyScope>;

export type CallerKind = (typeof callerKinds)[number];

/** What a row's arguments may name; every one belongs to the application under test. */
export interface AccessWorld {
  readonly applicationId: string;
  /** A VAPID public key that is no longer the current one. */
  readonly oldVapidKey: string;
  readonly notificationId: string;
  readonly subscriptionId: string;
  /** A notification nobody has touched yet. */
  freshNotification(): Promise<string>;
  /** An API key nobody uses. */
  freshApiKey(): Promise<string>;
  /** A dispatch that was set aside. */
  deadDispatch(): Promise<string>;
  /** A receipt token of a delivery. */
  readonly receiptToken: string;
  readonly userId: string;
  readonly tag: string;
  /** `PushSubscriptionInput` as GraphQL text, new with every call. */
  subscriptionText(): string;
}

export interface NodeRow {
  /** Whom `node` answers for ids of this type. Everybody else is refused: UNAUTHENTICATED without a live key, else FORBIDDEN. */
  readonly allowed: readonly CallerKind[];
  /** The id of an object of the application under test; an admin of another application is answered null. */
  readonly id: (world: AccessWorld, read: ReadAsAdmin) => Promise<string>;
  /** A key without `admin` sees only what it sent itself, and an admin sent this. */
  readonly withoutAdmin?: 'null';
}

/** Asks as an admin of the application under test, and takes the first id of the answer. */
export type ReadAsAdmin = (query: string) => Promise<string>;

export interface RootRow {
  /** Whom the field answers. Everybody else is refused: UNAUTHENTICATED without a live key, else FORBIDDEN. */
  readonly allowed: readonly CallerKind[];
  /** The field's arguments as GraphQL text, brackets included. */
  readonly args: (world: AccessWorld) => string | Promise<string>;
  /** What an admin of another application is answered when it names this application's rows. */
  readonly foreign: 'own data only' | 'nothing' | 'NOT_FOUND' | 'FORBIDDEN' | 'token';
  /** A key without `admin` sees only what it sent itself, and an admin sent all of this. */
  readonly withoutAdmin?: 'NOT_FOUND';
}

const anySecret = [
  'notifications:send',
  'notifications:read',
  'subscriptions:read',
  'subscriptions:write',
  'admin',
] as const;
const none = () => '';

/** Every field of Query, Mutation and Subscription: a field without a row fails the test that walks the schema. */
export const rootAccess: Readonly<Record<string, RootRow>> = {
  'Query.vapidPublicKey': { allowed: ['publishable', ...anySecret], args: none, foreign: 'own data only' },
  'Query.notification': {
    allowed: ['notifications:read', 'admin'],
    args: ({ notificationId }) => `(id: "${notificationId}")`,
    foreign: 'nothing',
  },
  'Query.node': {
    allowed: ['notifications:read', 'admin'],
    args: ({ notificationId }) => `(id: "${notificationId}")`,
    foreign: 'nothing',
  },
  'Query.notifications': {
    allowed: ['notifications:read', 'admin'],
    args: () => '(first: 10)',
    foreign: 'own data only',
  },
  'Query.pushSubscriptions': {
    allowed: ['subscriptions:read', 'admin'],
    args: ({ userId, tag }) => `(first: 100, userId: "${userId}", tag: "${tag}")`,
    foreign: 'own data only',
  },
  'Query.audienceSize': {
    allowed: ['subscriptions:read', 'notifications:send', 'admin'],
    args: ({ userId }) => `(audience: { userIds: ["${userId}"] })`,
    foreign: 'own data only',
  },
  'Mutation.subscribe': {
    allowed: ['publishable', 'subscriptions:write', 'admin'],
    args: (world) => `(input: { subscription: ${world.subscriptionText()} })`,
    foreign: 'own data only',
  },
  'Mutation.unsubscribe': {
    allowed: ['publishable', 'subscriptions:write', 'admin'],
    args: () => '(input: { endpoint: "https://push.example.org/nobody" })',
    foreign: 'own data only',
  },
  'Mutation.sendNotification': {
    allowed: ['notifications:send', 'admin'],
    args: ({ userId }) => `(input: { audience: { userIds: ["${userId}"] }, content: { title: "Hello" } })`,
    foreign: 'own data only',
  },
  'Mutation.cancelNotification': {
    allowed: ['notifications:send', 'admin'],
    args: async (world) => `(id: "${await world.freshNotification()}")`,
    withoutAdmin: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
  },
  'Mutation.recordReceipt': {
    allowed: ['none', 'unknown', 'revoked', 'publishable', ...anySecret],
    args: ({ receiptToken }) => `(token: "${receiptToken}", event: DISPLAYED)`,
    foreign: 'token',
  },
  'Mutation.createApiKey': {
    allowed: ['admin'],
    args: () => '(input: { name: "made", kind: SECRET, scopes: ["notifications:read"] })',
    foreign: 'own data only',
  },
  'Mutation.revokeApiKey': {
    allowed: ['admin'],
    args: async (world) => `(id: "${await world.freshApiKey()}")`,
    foreign: 'NOT_FOUND',
  },
  'Query.viewer': { allowed: ['publishable', ...anySecret], args: none, foreign: 'own data only' },
  'Query.apiKeys': { allowed: ['admin'], args: none, foreign: 'own data only' },
  'Query.subscriptionStatistics': {
    allowed: ['subscriptions:read', 'admin'],
    args: () => '(days: 2)',
    foreign: 'own data only',
  },
  'Query.deliveryStatistics': {
    allowed: ['notifications:read', 'admin'],
    args: () => '(points: 2, bucket: DAY)',
    foreign: 'own data only',
  },
  'Query.pushServiceHealth': { allowed: ['admin'], args: none, foreign: 'own data only' },
  'Query.queueHealth': { allowed: ['admin'], args: none, foreign: 'own data only' },
  'Query.deadDispatches': { allowed: ['admin'], args: none, foreign: 'own data only' },
  'Mutation.redriveDispatch': {
    allowed: ['admin'],
    args: async (world) => `(id: "${await world.deadDispatch()}")`,
    foreign: 'NOT_FOUND',
  },
  'Mutation.redriveDispatches': { allowed: ['admin'], args: none, foreign: 'own data only' },
  'Query.payloadSize': {
    allowed: ['notifications:send', 'admin'],
    args: () => '(content: { title: "Hello" })',
    foreign: 'own data only',
  },
  'Query.person': {
    allowed: ['subscriptions:read', 'admin'],
    args: ({ userId }) => `(userId: "${userId}")`,
    foreign: 'nothing',
  },
  'Query.deliveryHistory': {
    allowed: ['notifications:read', 'admin'],
    args: ({ userId }) => `(userId: "${userId}", first: 5)`,
    foreign: 'own data only',
  },
  'Query.personDeliveries': {
    allowed: ['notifications:read', 'admin'],
    args: ({ userId }) => `(userId: "${userId}", first: 5)`,
    foreign: 'own data only',
  },
  'Query.explainDelivery': {
    allowed: ['notifications:read', 'admin'],
    args: ({ notificationId, userId }) => `(notificationId: "${notificationId}", userId: "${userId}")`,
    foreign: 'nothing',
  },
  'Mutation.retirePushSubscription': {
    allowed: ['subscriptions:write', 'admin'],
    args: () => '(id: "sub_nobody")',
    foreign: 'own data only',
  },
  'Query.applications': { allowed: ['admin'], args: none, foreign: 'own data only' },
  'Query.vapidKeys': { allowed: ['admin'], args: none, foreign: 'own data only' },
  // admins of the application "default" only
  'Mutation.createApplication': {
    allowed: [],
    args: () => `(input: { name: "made ${randomUUID()}" })`,
    foreign: 'FORBIDDEN',
  },
  'Mutation.updateApplication': {
    allowed: ['admin'],
    args: ({ applicationId }) => `(id: "${applicationId}", settings: {})`,
    foreign: 'NOT_FOUND',
  },
  'Mutation.rotateVapidKey': { allowed: ['admin'], args: none, foreign: 'own data only' },
  'Mutation.retireVapidKey': {
    allowed: ['admin'],
    args: ({ oldVapidKey }) => `(publicKey: "${oldVapidKey}")`,
    foreign: 'NOT_FOUND',
  },
  'Mutation.configureUserProof': { allowed: ['admin'], args: () => '(input: {})', foreign: 'own data only' },
  'Query.auditLog': { allowed: ['admin'], args: none, foreign: 'own data only' },
  'Query.exportPerson': {
    allowed: ['admin'],
    args: () => '(userId: "nobody anybody knows")',
    foreign: 'own data only',
  },
  'Mutation.deletePerson': {
    allowed: ['admin'],
    args: () => '(userId: "nobody anybody knows")',
    foreign: 'own data only',
  },
  'Subscription.notificationProgress': {
    allowed: ['notifications:read', 'admin'],
    args: ({ notificationId }) => `(id: "${notificationId}")`,
    withoutAdmin: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
  },
  // last, and in this order: whoever asks afterwards needs the application
  'Mutation.stopApplication': {
    allowed: ['admin'],
    args: ({ applicationId }) => `(id: "${applicationId}")`,
    foreign: 'NOT_FOUND',
  },
  'Mutation.resumeApplication': {
    allowed: ['admin'],
    args: ({ applicationId }) => `(id: "${applicationId}")`,
    foreign: 'NOT_FOUND',
  },
};

/** Every type that `node` reads: a type without a row fails the test that walks the schema. */
export const nodeAccess: Readonly<Record<string, NodeRow>> = {
  Notification: {
    allowed: ['notifications:read', 'admin'],
    id: async ({ notificationId }) => notificationId,
    withoutAdmin: 'null',
  },
  Delivery: {
    allowed: ['notifications:read', 'admin'],
    id: ({ userId }, read) => read(`{ personDeliveries(userId: "${userId}") { edges { node { id } } } }`),
    withoutAdmin: 'null',
  },
  PushSubscription: {
    allowed: ['subscriptions:read', 'admin'],
    id: async ({ subscriptionId }) => subscriptionId,
  },
  ApiKey: { allowed: ['admin'], id: (_, read) => read('{ apiKeys { id } }') },
  Application: { allowed: ['admin'], id: async ({ applicationId }) => applicationId },
  AuditEntry: { allowed: ['admin'], id: (_, read) => read('{ auditLog { edges { node { id } } } }') },
  DeadDispatch: { allowed: ['admin'], id: ({ deadDispatch }) => deadDispatch() },
  VapidKey: { allowed: ['admin'], id: (_, read) => read('{ vapidKeys { id } }') },
};

/** Fields that take more than the object they are part of: the scope named here, or `admin`. */
export const fieldScopes: Readonly<Record<string, ApiKeyScope>> = {
  'PushSubscription.userId': 'subscriptions:read',
  'PushSubscription.tags': 'subscriptions:read',
  'PushSubscription.locale': 'subscriptions:read',
  'PushSubscription.timeZone': 'subscriptions:read',
  'PushSubscription.lastSeenAt': 'subscriptions:read',
};

/** Where a key that only sends and reads notifications meets a push subscription. */
export const waysToSubscriptions: Readonly<Record<string, (field: string) => string>> = {
  notification: (field) => `query ($id: ID!) { notification(id: $id) { ${deliveriesWith(field)} } }`,
  notifications: (field) => `{ notifications(first: 1) { edges { node { ${deliveriesWith(field)} } } } }`,
  node: (field) => `query ($id: ID!) { node(id: $id) { ... on Notification { ${deliveriesWith(field)} } } }`,
  'node of a delivery': (field) =>
    `query ($delivery: ID!) { node(id: $delivery) { ... on Delivery { subscription { ${field} } } } }`,
  personDeliveries: (field) =>
    `query ($user: ID!) { personDeliveries(userId: $user) { edges { node { subscription { ${field} } } } } }`,
  'the notification of personDeliveries': (field) =>
    `query ($user: ID!) { personDeliveries(userId: $user) { edges { notification { ${deliveriesWith(field)} } } } }`,
  deliveryHistory: (field) =>
    `query ($user: ID!) { deliveryHistory(userId: $user) { delivery { subscription { ${field} } } } }`,
  'the notification of deliveryHistory': (field) =>
    `query ($user: ID!) { deliveryHistory(userId: $user) { notification { ${deliveriesWith(field)} } } }`,
  explainDelivery: (field) =>
    `query ($id: ID!, $user: ID!) { explainDelivery(notificationId: $id, userId: $user) { browsers { subscription { ${field} } } } }`,
  'the delivery of explainDelivery': (field) =>
    `query ($id: ID!, $user: ID!) { explainDelivery(notificationId: $id, userId: $user) { browsers { delivery { subscription { ${field} } } } } }`,
  sendNotification: (field) =>
    `mutation ($user: ID!) { sendNotification(input: { audience: { userIds: [$user] }, content: { title: "x" } }) { notification { ${deliveriesWith(field)} } } }`,
  cancelNotification: (field) =>
    `mutation ($id: ID!) { cancelNotification(id: $id) { ${deliveriesWith(field)} } }`,
  notificationProgress: (field) =>
    `subscription ($id: ID!) { notificationProgress(id: $id) { ${deliveriesWith(field)} } }`,
};

const deliveriesWith = (field: string) => `deliveries { edges { node { subscription { ${field} } } } }`;

const withParent = (type: string, ...fields: string[]) => fields.map((field) => `${type}.${field}`);

/** Every other field: seen by whoever is given the object it stands in, and by nobody else. */
export const seenWithParent: readonly string[] = [
  ...withParent('ApiKey', 'id', 'name', 'kind', 'scopes', 'createdAt', 'lastUsedAt', 'revokedAt'),
  ...withParent('Application', 'id', 'name', 'requireUserProof', 'canProveUsers', 'allowedOrigins'),
  ...withParent('Application', 'requestsPerMinute', 'subscriptionsPerUser', 'verifySubscriptions', 'welcome'),
  ...withParent(
    'Application',
    'protectedTags',
    'subscriptionsMost',
    'staleAfterDays',
    'redactContent',
    'createdAt',
  ),
  ...withParent('Application', 'stoppedAt'),
  ...withParent('AuditEntry', 'id', 'at', 'apiKeyId', 'action', 'subject', 'failed'),
  ...withParent('AuditEntryEdge', 'cursor', 'node'),
  ...withParent('AuditEntryConnection', 'edges', 'pageInfo'),
  ...withParent('CreateApplicationPayload', 'application', 'publishableKey', 'adminKey'),
  ...withParent('CreateApiKeyPayload', 'apiKey', 'secret'),
  ...withParent(
    'Delivery',
    'id',
    'status',
    'attempts',
    'httpStatus',
    'reason',
    'pushService',
    'subscription',
  ),
  ...withParent('Delivery', 'nextAttemptAt', 'acceptedAt', 'displayedAt', 'clickedAt', 'dismissedAt'),
  ...withParent(
    'DeadDispatch',
    'id',
    'notificationId',
    'lane',
    'pushService',
    'deliveries',
    'reason',
    'deadAt',
  ),
  ...withParent('DeadDispatchConnection', 'edges', 'pageInfo'),
  ...withParent('DeadDispatchEdge', 'cursor', 'node'),
  ...withParent('DeliveryConnection', 'edges', 'pageInfo', 'totalCount'),
  ...withParent('DeliveryEdge', 'cursor', 'node'),
  ...withParent('Notification', 'id', 'status', 'createdAt', 'sendAt', 'expiresAt', 'completedAt'),
  ...withParent('Notification', 'progress', 'deliveries', 'outcomes', 'content', 'audience', 'lane'),
  ...withParent('Notification', 'ttl', 'urgency', 'topic', 'sentBy'),
  ...withParent('NotificationConnection', 'edges', 'pageInfo'),
  ...withParent('NotificationEdge', 'cursor', 'node'),
  ...withParent('NotificationProgress', 'targeted', 'pending', 'accepted', 'gone', 'rejected', 'expired'),
  ...withParent('NotificationProgress', 'exhausted', 'cancelled', 'displayed', 'clicked', 'dismissed'),
  ...withParent('PageInfo', 'hasNextPage', 'endCursor', 'hasPreviousPage', 'startCursor'),
  ...withParent('PushSubscription', 'id', 'userId', 'tags', 'pushService', 'locale', 'timeZone'),
  ...withParent('PushSubscription', 'createdAt', 'lastSeenAt', 'retiredAt', 'retiredReason'),
  ...withParent('PushSubscriptionConnection', 'edges', 'pageInfo'),
  ...withParent('PushSubscriptionEdge', 'cursor', 'node'),
  ...withParent('SendNotificationPayload', 'notification', 'replayed'),
  ...withParent('SubscribePayload', 'subscription', 'created'),
  ...withParent('UserProofSettings', 'required', 'hasSharedSecret', 'hasPublicKey'),
  ...withParent('VapidKey', 'id', 'publicKey', 'createdAt', 'subscriptions', 'retiredAt'),
  ...withParent('UnsubscribePayload', 'unsubscribed'),
  ...withParent('DeliveryPoint', 'at', 'notifications', 'accepted', 'gone', 'rejected', 'expired'),
  ...withParent('DeliveryPoint', 'exhausted', 'cancelled'),
  ...withParent('DeliveryStatistics', 'points', 'outcomes'),
  ...withParent('LaneHealth', 'lane', 'depth', 'due', 'later', 'queued', 'underWay', 'dead'),
  ...withParent('Outcome', 'pushService', 'status', 'reason', 'deliveries'),
  ...withParent('PayloadSize', 'bytes', 'limit'),
  ...withParent('Person', 'userId', 'devices'),
  ...withParent('PersonDelivery', 'notification', 'delivery', 'cursor'),
  ...withParent('PersonDeliveryConnection', 'edges', 'pageInfo'),
  ...withParent('PersonDeliveryEdge', 'cursor', 'node', 'notification'),
  ...withParent('DeliveryExplanation', 'notification', 'reason', 'browsers'),
  ...withParent('BrowserExplanation', 'subscription', 'reason', 'delivery'),
  ...withParent('PushServiceHealth', 'pushService', 'state', 'limit', 'underWay', 'waiting'),
  ...withParent(
    'PushServiceHealth',
    'attemptsPerMinute',
    'pausedUntil',
    'throttledUntil',
    'workers',
    'updatedAt',
  ),
  ...withParent('PushServiceSubscriptions', 'pushService', 'live'),
  ...withParent('QueueHealth', 'connected', 'deadLetters', 'lanes'),
  ...withParent('SubscriptionDay', 'at', 'created', 'retired', 'live'),
  ...withParent('SubscriptionStatistics', 'countedAt', 'live', 'byPushService', 'days'),
  ...withParent(
    'Viewer',
    'playgroundPath',
    'apiKeyId',
    'name',
    'kind',
    'scopes',
    'applicationId',
    'applicationName',
  ),
];
