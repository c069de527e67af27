import { Anchor, Group, Select, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import {
  type DeliveryStatus,
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
import { usePages } from '../layout/usePages';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow, inFull, pushServiceLabel } from '../layout/words';
import { useSession } from '../session/session';

type Notification = NonNullable<NotificationPageQuery['notification']>;
type Deliveries = NonNullable<NotificationDeliveriesQuery['notification']>['deliveries'];

const statuses: DeliveryStatus[] = [
  'PENDING',
  'ACCEPTED',
  'GONE',
  'REJECTED',
  'EXPIRED',
  'EXHAUSTED',
  'CANCELLED',
];

/** Every single delivery, by status and by user. */
export function DeliveriesTable({ notification }: { notification: Notification }): ReactNode {
  const [status, setStatus] = useState<DeliveryStatus | null>(null);
  const [user, setUser] = useState('');
  const [userId] = useDebouncedValue(user.trim(), 250);
  const pages = usePages();
  const running = notification.status === 'SENDING';
  const query = useApiQuery(
    NotificationDeliveriesDocument,
    { id: notification.id, first: 20, after: pages.after, status, userId: userId || null },
    { keepPrevious: true, refreshMs: running ? 3_000 : undefined },
  );
  return (
    <Panel
      title="Deliveries"
      aside={
        <Group gap="xs">
          <TextInput
            aria-label="Only of this user"
            placeholder="user id"
            size="xs"
            w={130}
            value={user}
            onChange={(event) => {
              setUser(event.currentTarget.value);
              pages.reset();
            }}
          />
          <Select
            aria-label="Only with this status"
            placeholder="every status"
            size="xs"
            w={140}
            clearable
            clearButtonProps={{ 'aria-label': 'Every status' }}
            data={statuses.map((value) => ({ value, label: value.toLowerCase() }))}
            value={status}
            onChange={(value) => {
              setStatus(value as DeliveryStatus | null);
              pages.reset();
            }}
          />
        </Group>
      }
    >
      <QueryView
        query={query}
        height={240}
        empty={(data) =>
          (data.notification?.deliveries.edges.length ?? 0) === 0 && (
            <Nothing title="No deliveries here">
              {status || userId ? 'None fits this filter.' : 'They appear while the audience is being found.'}
            </Nothing>
          )
        }
      >
        {({ notification: found }) => found && <DeliveryRows deliveries={found.deliveries} pages={pages} />}
      </QueryView>
    </Panel>
  );
}

function DeliveryRows(props: { deliveries: Deliveries; pages: ReturnType<typeof usePages> }): ReactNode {
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
