import { Anchor, Table, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { DeliveryHistoryQuery } from '../graphql/operations';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { reasonInWords } from '../layout/reasons';
import { StatusBadge } from '../layout/StatusBadge';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow, pushServiceLabel } from '../layout/words';
import { titleOf } from '../notifications/titleOf';

type Entry = DeliveryHistoryQuery['deliveryHistory'][number];

/** What was sent to a person, newest first, and what became of it. */
export function HistoryPanel({ query }: { query: UseQueryResult<DeliveryHistoryQuery, Error> }): ReactNode {
  return (
    <Panel title="History">
      <QueryView
        query={query}
        empty={({ deliveryHistory }) =>
          deliveryHistory.length === 0 && (
            <Nothing title="Nothing was sent here">As far back as notifications are kept.</Nothing>
          )
        }
      >
        {({ deliveryHistory }) => (
          <WideTable label="History, in a table" minWidth={620}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>Notification</Table.Th>
                <Table.Th>Push service</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th>What happened</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {deliveryHistory.map((entry) => (
                <HistoryRow key={entry.delivery.id} entry={entry} />
              ))}
            </Table.Tbody>
          </WideTable>
        )}
      </QueryView>
    </Panel>
  );
}

function HistoryRow({ entry: { notification, delivery } }: { entry: Entry }): ReactNode {
  const reached = delivery.clickedAt ? 'CLICKED' : delivery.displayedAt ? 'DISPLAYED' : delivery.status;
  return (
    <Table.Tr>
      <Table.Td title={asInstant(notification.createdAt)}>{fromNow(notification.createdAt)}</Table.Td>
      <Table.Td>
        <Anchor component={Link} to={`/notifications/${notification.id}`} size="sm">
          {titleOf(notification.content)}
        </Anchor>
      </Table.Td>
      <Table.Td>{pushServiceLabel(delivery.pushService)}</Table.Td>
      <Table.Td>
        <StatusBadge status={reached} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" title={delivery.httpStatus ? `HTTP ${delivery.httpStatus}` : undefined}>
          {reasonInWords(delivery.reason)}
          {delivery.attempts > 1 && ` · ${delivery.attempts} attempts`}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
