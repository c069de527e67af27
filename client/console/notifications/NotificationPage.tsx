import { Anchor, Badge, SimpleGrid, Stack } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { NotificationPageDocument, type NotificationPageQuery } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { Missing } from '../layout/Missing';
import { OutcomeTable } from '../layout/OutcomeTable';
import { PageHeader } from '../layout/PageHeader';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { usePages } from '../layout/usePages';
import { ContentPanel } from './ContentPanel';
import { DeliveriesTable } from './DeliveriesTable';
import { type DeliveryFilter, everyDelivery } from './deliveryFilter';
import { FunnelPanel } from './FunnelPanel';
import { NotificationActs } from './NotificationActs';
import { isMoving, refreshMs } from './refreshMs';
import { titleOf } from './titleOf';
import { useLiveProgress } from './useLiveProgress';
import { WhyPanel } from './WhyPanel';

type Notification = NonNullable<NotificationPageQuery['notification']>;

const untilItIsThereMs = 10_000;

/** One notification: how far it is, why some did not get it, and every single delivery. */
export default function NotificationPage(): ReactNode {
  const { id = '' } = useParams();
  const query = useApiQuery(
    NotificationPageDocument,
    { id },
    { refreshMs: (data) => (data?.notification ? refreshMs(data.notification) : untilItIsThereMs) },
  );
  const known = query.data?.notification;
  const { isLive, last } = useLiveProgress(
    id,
    known !== null && known !== undefined && (known.status === 'SCHEDULED' || isMoving(known)),
  );
  const newest = (notification: Notification) =>
    last && last.at > query.dataUpdatedAt ? { ...notification, ...last.progress } : notification;
  return (
    <>
      {!query.data && <PageHeader title="Notification" about={<Place id={id} />} />}
      <QueryView
        query={query}
        height={420}
        empty={({ notification }) =>
          !notification && (
            <Missing
              title="There is no such notification"
              why="Or another key sent it."
              backTo="/notifications"
              back="All notifications"
            />
          )
        }
      >
        {({ notification }) =>
          notification && <NotificationView notification={newest(notification)} live={isLive} />
        }
      </QueryView>
    </>
  );
}

/** The way back to the list, and which one this is. */
function Place({ id }: { id: string }): ReactNode {
  return (
    <>
      <Anchor component={Link} to="/notifications" size="sm">
        Notifications
      </Anchor>{' '}
      / <span className="breakable">{id}</span>
    </>
  );
}

function NotificationView({ notification, live }: { notification: Notification; live: boolean }): ReactNode {
  const [filter, setFilter] = useState(everyDelivery);
  const pages = usePages();
  const list = useRef<HTMLDivElement>(null);
  const narrow = (next: DeliveryFilter) => {
    setFilter(next);
    pages.reset();
  };
  const showOutcome = ({ status, pushService, reason }: Notification['outcomes'][number]) => {
    narrow({ ...everyDelivery, status, pushService, reason: reason || null });
    list.current?.focus();
  };
  return (
    <>
      <PageHeader
        title={titleOf(notification.content)}
        about={
          <>
            <Place id={notification.id} /> <StatusBadge status={notification.status} />{' '}
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
              <OutcomeTable outcomes={notification.outcomes} onChoose={showOutcome} />
            )}
          </Panel>
          <ContentPanel notification={notification} />
        </SimpleGrid>
        <div ref={list} className="scroll-target" tabIndex={-1}>
          <DeliveriesTable notification={notification} filter={filter} onFilter={narrow} pages={pages} />
        </div>
        <WhyPanel notificationId={notification.id} />
      </Stack>
    </>
  );
}
