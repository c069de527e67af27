import { Anchor, Button, Group, Table, Text } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { reasonInWords } from '../layout/reasons';
import { StatusBadge } from '../layout/StatusBadge';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow, inFull, pushServiceLabel } from '../layout/words';
import { titleOf } from '../notifications/titleOf';
import type { HistoryEntry } from './useHistory';

/** What was sent to a person, newest first, and what became of it. */
export function HistoryPanel(props: { history: UseInfiniteQueryResult<HistoryEntry[], Error> }): ReactNode {
  const { history } = props;
  return (
    <Panel title="History">
      <QueryView
        query={history}
        empty={(entries) =>
          entries.length === 0 && (
            <Nothing title="Nothing was sent here">As far back as notifications are kept.</Nothing>
          )
        }
      >
        {(entries) => (
          <>
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
                {entries.map((entry) => (
                  <HistoryRow key={entry.delivery.id} entry={entry} />
                ))}
              </Table.Tbody>
            </WideTable>
            <Group justify="space-between" mt="sm">
              <Text size="xs" c="dimmed">
                {inFull(entries.length)} {entries.length === 1 ? 'delivery' : 'deliveries'}
                {history.hasNextPage ? ', and older ones' : ', as far back as notifications are kept'}
              </Text>
              {history.hasNextPage && (
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => history.fetchNextPage()}
                  loading={history.isFetchingNextPage}
                >
                  Show more
                </Button>
              )}
            </Group>
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function HistoryRow({ entry: { notification, delivery } }: { entry: HistoryEntry }): ReactNode {
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
