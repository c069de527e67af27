import { liveByApplication } from '../../database/counts/countSubscriptions';
import type { Application } from '../../database/entities/application';
import { type ApplicationType, toApplication } from '../application/applicationType';
import type { GraphqlDeps } from '../context';
import { once } from '../pushSubscription/pushSubscriptionBatch';

/** Shapes applications; their push subscriptions are counted once for all of them, and only if requested. */
export function shapeApplications(
  parts: Pick<GraphqlDeps, 'database' | 'ids' | 'subscriptionsMost' | 'newSubscriptions'>,
  applicationIds: readonly number[],
): (row: Application) => ApplicationType {
  const live = once(() => liveByApplication(parts.database.sql, applicationIds));
  const refusedUntil = once(() => parts.newSubscriptions.refusedUntil(applicationIds));
  return (row) =>
    toApplication(row, parts.ids, {
      subscriptionLimit: (row.subscriptionsMost ?? parts.subscriptionsMost) || null,
      countLive: async () => (await live()).get(row.id) ?? 0,
      readRefusedUntil: async () => (await refusedUntil()).get(row.id) ?? null,
    });
}
