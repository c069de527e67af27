import type { ApiKeyScope } from '../../../src/model/apiKey';

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
  ...withParent('Application', 'stoppedAt', 'liveSubscriptions', 'subscriptionLimit'),
  ...withParent('Application', 'newSubscriptionsRefusedUntil'),
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
