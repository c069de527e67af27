import { randomUUID } from 'node:crypto';
import type { ApiKeyScope } from '../../../src/model/apiKey';

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
  // admins of the application "default" only
  'Mutation.resumePushService': {
    allowed: [],
    args: () => '(pushService: "fcm")',
    foreign: 'FORBIDDEN',
  },
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
