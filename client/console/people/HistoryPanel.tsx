import { Anchor, Button, Group, Text } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { reasonInWords } from '../layout/reasons';
import { StatusBadge } from '../layout/StatusBadge';
import { inFull, pushServiceLabel } from '../layout/words';
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
            <DataTable
              label="History, in a table"
              columns={columns}
              rows={entries}
              rowKey={({ delivery }) => delivery.id}
              minWidth={620}
            />
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

const columns: Columns<HistoryEntry> = [
  {
    header: 'Notification',
    cell: ({ notification }) => (
      <Anchor component={Link} to={`/notifications/${notification.id}`} size="sm">
        {titleOf(notification.content)}
      </Anchor>
    ),
  },
  { header: 'When', cell: ({ notification }) => <Moment at={notification.createdAt} /> },
  { header: 'Push service', cell: ({ delivery }) => pushServiceLabel(delivery.pushService) },
  { header: 'Status', cell: ({ delivery }) => <StatusBadge status={reached(delivery)} />, inCard: 'beside' },
  {
    header: 'What happened',
    cell: ({ delivery }) => (
      <Text size="sm" title={delivery.httpStatus ? `HTTP ${delivery.httpStatus}` : undefined}>
        {reasonInWords(delivery.reason)}
        {delivery.attempts > 1 && ` · ${delivery.attempts} attempts`}
      </Text>
    ),
    inCard: 'whole',
  },
];

/** The furthest that it came. */
function reached({ clickedAt, displayedAt, status }: HistoryEntry['delivery']) {
  return clickedAt ? 'CLICKED' : displayedAt ? 'DISPLAYED' : status;
}
