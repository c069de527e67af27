import { Anchor, Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import {
  NotificationDeliveriesDocument,
  type NotificationDeliveriesQuery,
  type NotificationPageQuery,
} from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { PageButtons } from '../layout/PageButtons';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { reasonInWords } from '../layout/reasons';
import { StatusBadge } from '../layout/StatusBadge';
import type { Pages } from '../layout/usePages';
import { inFull, pushServiceLabel } from '../layout/words';
import { useSession } from '../session/session';
import { DeliveryFilters } from './DeliveryFilters';
import { type DeliveryFilter, isNarrow } from './deliveryFilter';
import { refreshMs } from './refreshMs';

type Notification = NonNullable<NotificationPageQuery['notification']>;
type Deliveries = NonNullable<NotificationDeliveriesQuery['notification']>['deliveries'];
type Delivery = Deliveries['edges'][number]['node'];

interface DeliveriesTableProps {
  readonly notification: Notification;
  readonly filter: DeliveryFilter;
  readonly onFilter: (filter: DeliveryFilter) => void;
  readonly pages: Pages;
}

/** Every single delivery, by status, outcome, push service and user. */
export function DeliveriesTable({ notification, filter, onFilter, pages }: DeliveriesTableProps): ReactNode {
  const [userId] = useDebouncedValue(filter.userId.trim(), 250);
  const { status, pushService, reason } = filter;
  const query = useApiQuery(
    NotificationDeliveriesDocument,
    {
      ...{ id: notification.id, first: 20, after: pages.after },
      ...{ status, pushService, reason, userId: userId || null },
    },
    { keepPrevious: true, refreshMs: refreshMs(notification) },
  );
  return (
    <Panel title="Deliveries">
      <DeliveryFilters filter={filter} onChange={onFilter} outcomes={notification.outcomes} />
      <QueryView
        query={query}
        height={240}
        empty={(data) =>
          (data.notification?.deliveries.edges.length ?? 0) === 0 && (
            <Nothing title="No deliveries here">
              {isNarrow(filter) ? 'None fits this filter.' : 'They appear while the audience is being found.'}
            </Nothing>
          )
        }
      >
        {({ notification: found }) =>
          found && (
            <DeliveryRows deliveries={found.deliveries} pages={pages} isWaiting={query.isPlaceholderData} />
          )
        }
      </QueryView>
    </Panel>
  );
}

function DeliveryRows(props: { deliveries: Deliveries; pages: Pages; isWaiting: boolean }): ReactNode {
  const { edges, pageInfo, totalCount } = props.deliveries;
  return (
    <>
      <DataTable
        label="Deliveries, in a table"
        columns={columns}
        rows={edges.map(({ node }) => node)}
        rowKey={({ id }) => id}
        minWidth={680}
      />
      <Group justify="space-between" mt="sm">
        <Text size="xs" c="dimmed">
          {totalCount !== null && `${inFull(totalCount)} ${totalCount === 1 ? 'delivery' : 'deliveries'}`}
        </Text>
        <PageButtons pages={props.pages} pageInfo={pageInfo} isWaiting={props.isWaiting} />
      </Group>
    </>
  );
}

const columns: Columns<Delivery> = [
  { header: 'User', cell: (delivery) => <User delivery={delivery} /> },
  { header: 'Push service', cell: ({ pushService }) => pushServiceLabel(pushService) },
  { header: 'Status', cell: ({ status }) => <StatusBadge status={status} />, inCard: 'beside' },
  { header: 'Why', cell: (delivery) => <Why delivery={delivery} />, inCard: 'whole' },
  { header: 'Attempts', cell: ({ attempts }) => attempts, kind: 'number' },
  { header: 'Reached the person', cell: reached },
];

function User({ delivery: { subscription } }: { delivery: Delivery }): ReactNode {
  const { may } = useSession();
  const userId = subscription?.userId;
  if (userId && may('subscriptions:read')) {
    return (
      <Anchor component={Link} to={`/people/${encodeURIComponent(userId)}`} size="sm" className="breakable">
        {userId}
      </Anchor>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      {userId ?? (subscription ? 'nobody in particular' : 'deleted')}
    </Text>
  );
}

function Why({ delivery: { reason, httpStatus, nextAttemptAt } }: { delivery: Delivery }): ReactNode {
  return (
    <>
      <Text size="sm" title={httpStatus ? `HTTP ${httpStatus}` : undefined}>
        {reasonInWords(reason)}
      </Text>
      {nextAttemptAt && (
        <Text size="xs" c="dimmed">
          next try <Moment at={nextAttemptAt} />
        </Text>
      )}
    </>
  );
}

function reached({ clickedAt, displayedAt }: Delivery): ReactNode {
  if (!clickedAt && !displayedAt) return '–';
  return (
    <>
      {clickedAt ? 'clicked' : 'displayed'} <Moment at={clickedAt ?? displayedAt} />
    </>
  );
}
