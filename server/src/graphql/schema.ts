import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { withAudit } from './audit';
import { ApiKeyResolver } from './resolvers/apiKeyResolver';
import { ApplicationResolver } from './resolvers/applicationResolver';
import { AuditResolver } from './resolvers/auditResolver';
import { DeadDispatchResolver } from './resolvers/deadDispatchResolver';
import { DeliveryResolver } from './resolvers/deliveryResolver';
import { HealthResolver } from './resolvers/healthResolver';
import { NodeResolver } from './resolvers/nodeResolver';
import { NotificationDetailResolver } from './resolvers/notificationDetailResolver';
import { NotificationResolver } from './resolvers/notificationResolver';
import { PersonResolver } from './resolvers/personResolver';
import { PrivacyResolver } from './resolvers/privacyResolver';
import { ProgressResolver } from './resolvers/progressResolver';
import { PushSubscriptionResolver } from './resolvers/pushSubscriptionResolver';
import { ReachResolver } from './resolvers/reachResolver';
import { ReceiptResolver } from './resolvers/receiptResolver';
import { StatisticsResolver } from './resolvers/statisticsResolver';
import { UserProofResolver } from './resolvers/userProofResolver';
import { VapidKeyResolver } from './resolvers/vapidKeyResolver';
import { ViewerResolver } from './resolvers/viewerResolver';
import { withStops } from './stopped';

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
