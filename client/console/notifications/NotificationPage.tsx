import { Anchor, Badge, Button, SimpleGrid, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { ComposeStart } from '../compose/composeStart';
import {
  CancelNotificationDocument,
  NotificationPageDocument,
  type NotificationPageQuery,
} from '../graphql/operations';
import { useApiMutation, useApiQuery } from '../graphql/useApi';
import { OutcomeTable } from '../layout/OutcomeTable';
import { PageHeader } from '../layout/PageHeader';
import { Panel } from '../layout/Panel';
import { Nothing, QueryFault, QueryView } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { useConfirm } from '../layout/useConfirm';
import { inFull } from '../layout/words';
import { useSession } from '../session/session';
import { ContentPanel } from './ContentPanel';
import { DeliveriesTable } from './DeliveriesTable';
import { FunnelPanel } from './FunnelPanel';
import { titleOf } from './titleOf';
import { useLiveProgress } from './useLiveProgress';

type Notification = NonNullable<NotificationPageQuery['notification']>;

/** One notification: how far it is, why some did not get it, and every single delivery. */
export default function NotificationPage(): ReactNode {
  const { id = '' } = useParams();
  const query = useApiQuery(NotificationPageDocument, { id });
  const status = query.data?.notification?.status;
  const moving = status === 'SENDING' || status === 'SCHEDULED';
  const live = useLiveProgress(id, moving);
  return (
    <QueryView
      query={query}
      height={420}
      empty={({ notification }) =>
        !notification && (
          <Nothing title="There is no such notification">
            Or another key sent it.{' '}
            <Anchor component={Link} to="/notifications" underline="always">
              All notifications
            </Anchor>
          </Nothing>
        )
      }
    >
      {({ notification }) => notification && <NotificationView notification={notification} live={live} />}
    </QueryView>
  );
}

function NotificationView({ notification, live }: { notification: Notification; live: boolean }): ReactNode {
  return (
    <>
      <PageHeader
        title={titleOf(notification.content)}
        about={
          <>
            <Anchor component={Link} to="/notifications" size="sm">
              Notifications
            </Anchor>{' '}
            / {notification.id} <StatusBadge status={notification.status} />{' '}
            {live && (
              <Badge variant="light" color="blue" size="sm">
                live
              </Badge>
            )}
          </>
        }
      >
        <NotificationActs notification={notification} />
      </PageHeader>
      <Stack>
        <FunnelPanel progress={notification.progress} />
        <SimpleGrid cols={{ base: 1, md: 2 }} className="uneven">
          <Panel title="Outcomes">
            {notification.outcomes.length === 0 ? (
              <Nothing title="Nothing is settled yet" />
            ) : (
              <OutcomeTable outcomes={notification.outcomes} />
            )}
          </Panel>
          <ContentPanel notification={notification} />
        </SimpleGrid>
        <DeliveriesTable notification={notification} />
      </Stack>
    </>
  );
}

function NotificationActs({ notification }: { notification: Notification }): ReactNode {
  const { may } = useSession();
  const navigate = useNavigate();
  const cancel = useApiMutation(CancelNotificationDocument);
  const { ask, dialog } = useConfirm({
    title: 'Cancel this notification?',
    text: `What no worker has begun is not sent: ${inFull(notification.progress.pending)} deliveries are pending. What is sent cannot be called back.`,
    act: 'Cancel it',
    dangerous: true,
    onConfirm: () => cancel.mutate({ id: notification.id }),
  });
  if (!may('notifications:send')) return null;
  const { rejected, expired, exhausted } = notification.progress;
  const failed = rejected + expired + exhausted;
  const running = notification.status === 'SENDING' || notification.status === 'SCHEDULED';
  const again = (audience: ComposeStart['audience']) => {
    const state: ComposeStart = { content: notification.content ?? {}, audience };
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
