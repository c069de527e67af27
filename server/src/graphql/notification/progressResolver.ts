import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import { Refusal } from '../../model/refusal';
import { findNotification } from '../../views/notification/listNotifications';
import { type NotificationRow } from '../../views/notification/notificationRow';
import { notificationView, requireScope } from '../admission/authorise';
import { isShutOut } from '../admission/stopped';
import { type RequestContext } from '../context';
import { NotificationType, toNotification } from './notificationType';

@Resolver()
export class ProgressResolver {
  @Subscription(() => NotificationType, {
    subscribe: watchNotification,
    description:
      'The notification now and after each change, until it is finished (graphql-ws, `authorization` in the connection parameters). Scope notifications:read.',
  })
  notificationProgress(
    @Root() row: NotificationRow,
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The notification.' }) _id: string,
  ): NotificationType {
    return toNotification(row, context.parts.ids);
  }
}

async function watchNotification(asked: {
  context: RequestContext;
  args: Record<string, unknown>;
}): Promise<AsyncIterableIterator<NotificationRow>> {
  const { context, args } = asked;
  const caller = await requireScope(context, 'notifications:read');
  const { database, ids, progressWatch } = context.parts;
  const notificationId = ids.decodeOne('notification', String(args.id)) ?? 0;
  const row = await findNotification(database, notificationView(caller), notificationId);
  if (!row) throw new Refusal('NOT_FOUND', 'There is no such notification.', ['id']);
  return progressWatch.watch(row, () => isStillValid(context));
}

/** Watches end when their key is revoked or its application is stopped, but not while the database is unavailable. */
async function isStillValid(context: RequestContext): Promise<boolean> {
  try {
    const caller = await context.identify();
    return caller !== undefined && !isShutOut(caller);
  } catch {
    return true;
  }
}
