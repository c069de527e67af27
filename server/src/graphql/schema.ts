import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { withAudit } from './admission/audit';
import { withStops } from './admission/stopped';
import { ApiKeyResolver } from './apiKey/apiKeyResolver';
import { ApplicationResolver } from './application/applicationResolver';
import { AuditResolver } from './auditEntry/auditEntryResolver';
import { DeadDispatchResolver } from './deadDispatch/deadDispatchResolver';
import { DeliveryResolver } from './delivery/deliveryResolver';
import { ReceiptResolver } from './delivery/receiptResolver';
import { HealthResolver } from './health/healthResolver';
import { NodeResolver } from './node/nodeResolver';
import { NotificationDetailResolver } from './notification/notificationDetailResolver';
import { NotificationResolver } from './notification/notificationResolver';
import { ProgressResolver } from './notification/progressResolver';
import { PersonResolver } from './person/personResolver';
import { PrivacyResolver } from './person/privacyResolver';
import { ReachResolver } from './person/reachResolver';
import { PushSubscriptionResolver } from './pushSubscription/pushSubscriptionResolver';
import { StatisticsResolver } from './statistics/statisticsResolver';
import { UserProofResolver } from './userProof/userProofResolver';
import { VapidKeyResolver } from './vapidKey/vapidKeyResolver';
import { ViewerResolver } from './viewer/viewerResolver';

/*
 * Room: graphql, the door. In: a document, its variables, a key. Out: an answer shaped as schema/schema.graphql says,
 * or errors of the catalogue in docs/errors.md. A resolver parses (input/), authorises (authorise.ts), calls one act
 * of intake, audience or status, and shapes its answer (types/). Called by http/.
 */

/** The executable schema, code first. */
export function buildFanfareSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      NotificationResolver,
      DeliveryResolver,
      PushSubscriptionResolver,
      ReachResolver,
      ReceiptResolver,
      ApiKeyResolver,
      UserProofResolver,
      ApplicationResolver,
      VapidKeyResolver,
      PrivacyResolver,
      AuditResolver,
      ProgressResolver,
      NotificationDetailResolver,
      PersonResolver,
      StatisticsResolver,
      HealthResolver,
      DeadDispatchResolver,
      ViewerResolver,
      NodeResolver,
    ],
    // input/ checks what the types cannot say
    validate: false,
    pubSub: noPubSub,
  });
  return withStops(withAudit(schema));
}

/** type-graphql wants one as soon as there is a subscription; ours brings its own iterator. */
const noPubSub = {
  publish(): void {
    throw new Error('Nothing is published.');
  },
  subscribe(): never {
    throw new Error('Nothing is published.');
  },
};
