/** The root fields of queries and mutations, as the schema has them. */
export const operations = [
  'apiKeys',
  'applications',
  'audienceSize',
  'auditLog',
  'cancelNotification',
  'configureUserProof',
  'createApiKey',
  'createApplication',
  'deadDispatches',
  'deletePerson',
  'deliveryHistory',
  'deliveryStatistics',
  'explainDelivery',
  'exportPerson',
  'node',
  'notification',
  'notifications',
  'payloadSize',
  'person',
  'personDeliveries',
  'pushServiceHealth',
  'pushSubscriptions',
  'queueHealth',
  'recordReceipt',
  'redriveDispatch',
  'redriveDispatches',
  'resumeApplication',
  'resumePushService',
  'retirePushSubscription',
  'retireVapidKey',
  'revokeApiKey',
  'rotateVapidKey',
  'sendNotification',
  'stopApplication',
  'subscribe',
  'subscriptionStatistics',
  'unsubscribe',
  'updateApplication',
  'vapidKeys',
  'vapidPublicKey',
  'viewer',
] as const;

export type Operation = (typeof operations)[number];

/** How often a minute one API key may ask for an operation, over all processes. */
export type OperationLimits = Readonly<Partial<Record<Operation, number>>>;

/** Work of which a person or a program that means well wants little. */
export const defaultOperationLimits: OperationLimits = {
  createApiKey: 120,
  createApplication: 120,
  deletePerson: 1_200,
  exportPerson: 300,
  rotateVapidKey: 60,
};

export function isOperation(name: string): name is Operation {
  return operations.some((operation) => operation === name);
}
