import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import type { ComposeStart } from '../compose/composeStart';
import { CancelNotificationDocument, type NotificationPageQuery } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { QueryFault } from '../layout/QueryView';
import { useConfirm } from '../layout/useConfirm';
import { inFull } from '../layout/words';
import { useSession } from '../session/session';

type Notification = NonNullable<NotificationPageQuery['notification']>;

/** What can be done about a notification: cancel it, send it again, begin another one like it. */
export function NotificationActs({ notification }: { notification: Notification }): ReactNode {
  const { may } = useSession();
  const navigate = useNavigate();
  const cancel = useApiMutation(CancelNotificationDocument);
  const { ask, dialog } = useConfirm({
    title: 'Cancel this notification?',
    text: whatCancellingDoes(notification),
    act: 'Cancel it',
    dangerous: true,
    onConfirm: () => cancel.mutate({ id: notification.id }),
  });
  if (!may('notifications:send')) return null;
  const { rejected, expired, exhausted } = notification.progress;
  const failed = rejected + expired + exhausted;
  const running = notification.status === 'SENDING' || notification.status === 'SCHEDULED';
  const again = (audience: ComposeStart['audience']) => {
    const { content, ttl, urgency, topic } = notification;
    const state: ComposeStart = { content: content ?? {}, delivery: { ttl, urgency, topic }, audience };
    navigate('/compose', { state });
  };
  return (
    <>
      {dialog}
      {cancel.error && <QueryFault error={cancel.error} />}
      <Button variant="default" onClick={() => again({})}>
        Use as a draft
      </Button>
      {failed > 0 && !running && (
        <Button variant="default" onClick={() => again({ failedOf: notification.id })}>
          Send again to {inFull(failed)} who failed
        </Button>
      )}
      {running && (
        <Button color="red" variant="light" onClick={ask} loading={cancel.isPending}>
          Cancel
        </Button>
      )}
    </>
  );
}

function whatCancellingDoes({ status, progress: { pending } }: Notification): string {
  if (status === 'SCHEDULED') return 'It has not begun, so nobody gets it. This cannot be undone.';
  const deliveries = pending === 1 ? '1 delivery is' : `${inFull(pending)} deliveries are`;
  return `What no worker has begun is not sent: ${deliveries} pending. What is sent cannot be called back.`;
}
