import { Anchor, Group, Table, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import {
  NotificationDeliveriesDocument,
  type NotificationDeliveriesQuery,
  type NotificationPageQuery,
} from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageButtons } from '../layout/PageButtons';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { reasonInWords } from '../layout/reasons';
import { StatusBadge } from '../layout/StatusBadge';
import type { Pages } from '../layout/usePages';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow, inFull, pushServiceLabel } from '../layout/words';
import { useSession } from '../session/session';
import { DeliveryFilters } from './DeliveryFilters';
import { type DeliveryFilter, isNarrow } from './deliveryFilter';

type Notification = NonNullable<NotificationPageQuery['notification']>;
type Deliveries = NonNullable<NotificationDeliveriesQuery['notification']>['deliveries'];

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
    { keepPrevious: true, refreshMs: notification.status === 'SENDING' ? 3_000 : undefined },
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
        {({ notification: found }) => found && <DeliveryRows deliveries={found.deliveries} pages={pages} />}
      </QueryView>
    </Panel>
  );
}

function DeliveryRows(props: { deliveries: Deliveries; pages: Pages }): ReactNode {
  const { edges, pageInfo, totalCount } = props.deliveries;
  return (
    <>
      <WideTable label="Deliveries, in a table" minWidth={680}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>User</Table.Th>
            <Table.Th>Push service</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Why</Table.Th>
            <Table.Th className="number-cell">Attempts</Table.Th>
            <Table.Th>Reached the person</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {edges.map(({ node }) => (
            <DeliveryRow key={node.id} delivery={node} />
          ))}
        </Table.Tbody>
      </WideTable>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {totalCount !== null && `${inFull(totalCount)} deliveries`}
        </Text>
        <PageButtons pages={props.pages} pageInfo={pageInfo} />
      </Group>
    </>
  );
}

function DeliveryRow({ delivery }: { delivery: Deliveries['edges'][number]['node'] }): ReactNode {
  const { may } = useSession();
  const userId = delivery.subscription?.userId;
  const reached = delivery.clickedAt
    ? `clicked ${fromNow(delivery.clickedAt)}`
    : delivery.displayedAt
      ? `displayed ${fromNow(delivery.displayedAt)}`
      : '–';
  return (
    <Table.Tr>
      <Table.Td>
        {userId && may('subscriptions:read') ? (
          <Anchor component={Link} to={`/people/${encodeURIComponent(userId)}`} size="sm">
            {userId}
          </Anchor>
        ) : (
          <Text size="sm" c="dimmed">
            {userId ?? (delivery.subscription ? 'nobody in particular' : 'deleted')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{pushServiceLabel(delivery.pushService)}</Table.Td>
      <Table.Td>
        <StatusBadge status={delivery.status} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" title={delivery.httpStatus ? `HTTP ${delivery.httpStatus}` : undefined}>
          {reasonInWords(delivery.reason)}
        </Text>
        {delivery.nextAttemptAt && (
          <Text size="xs" c="dimmed">
            next try {fromNow(delivery.nextAttemptAt)}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="number-cell">{delivery.attempts}</Table.Td>
      <Table.Td title={asInstant(delivery.clickedAt ?? delivery.displayedAt)}>{reached}</Table.Td>
    </Table.Tr>
  );
}
