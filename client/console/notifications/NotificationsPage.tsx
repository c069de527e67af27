import { Anchor, Button, Card, Group, Progress, Select, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import {
  NotificationListDocument,
  type NotificationListQuery,
  type NotificationStatus,
} from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { PageButtons } from '../layout/PageButtons';
import { PageHeader } from '../layout/PageHeader';
import { Nothing, QueryView } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { usePages } from '../layout/usePages';
import { asShare, inFull } from '../layout/words';
import { useSession } from '../session/session';
import { titleOf } from './titleOf';

type Row = NotificationListQuery['notifications']['edges'][number]['node'];

const statuses: NotificationStatus[] = ['SCHEDULED', 'SENDING', 'COMPLETED', 'CANCELLED'];

/** Everything that was sent, newest first. */
export default function NotificationsPage(): ReactNode {
  const { may } = useSession();
  const [status, setStatus] = useState<NotificationStatus | null>(null);
  const pages = usePages();
  const query = useApiQuery(
    NotificationListDocument,
    { first: 20, after: pages.after, status },
    { refreshMs: 5_000, keepPrevious: true },
  );
  const choose = (value: string | null) => {
    setStatus(value as NotificationStatus | null);
    pages.reset();
  };
  return (
    <>
      <PageHeader
        title="Notifications"
        about={may('admin') ? 'Newest first' : 'What this key sent, newest first'}
      >
        <Select
          aria-label="Status"
          placeholder="Every status"
          clearable
          clearButtonProps={{ 'aria-label': 'Every status' }}
          data={statuses.map((value) => ({ value, label: value.toLowerCase() }))}
          value={status}
          onChange={choose}
          w={170}
        />
        {may('notifications:send') && (
          <Button component={Link} to="/compose">
            Compose
          </Button>
        )}
      </PageHeader>
      <Card withBorder padding="md">
        <QueryView
          query={query}
          height={420}
          empty={({ notifications }) =>
            notifications.edges.length === 0 && (
              <Nothing title="No notifications here">
                {status ? 'None stands at this status.' : 'What you send shows up here at once.'}
              </Nothing>
            )
          }
        >
          {({ notifications }) => (
            <>
              <DataTable
                label="Notifications, in a table"
                columns={columns}
                rows={notifications.edges.map(({ node }) => node)}
                rowKey={({ id }) => id}
                minWidth={720}
              />
              <PageButtons
                pages={pages}
                pageInfo={notifications.pageInfo}
                isWaiting={query.isPlaceholderData}
              />
            </>
          )}
        </QueryView>
      </Card>
    </>
  );
}

const columns: Columns<Row> = [
  { header: 'Notification', cell: (row) => <Name row={row} /> },
  { header: 'Status', cell: ({ status }) => <StatusBadge status={status} />, inCard: 'beside' },
  { header: 'Targeted', cell: ({ progress }) => inFull(progress.targeted), kind: 'number' },
  { header: 'Accepted', cell: ({ progress }) => <Accepted {...progress} /> },
  { header: 'Displayed', cell: ({ progress }) => inFull(progress.displayed), kind: 'number' },
  { header: 'Clicked', cell: ({ progress }) => inFull(progress.clicked), kind: 'number' },
  {
    header: 'Sent by',
    cell: ({ sentBy }) => (
      <Text size="sm" c="dimmed" lineClamp={1}>
        {sentBy ?? '–'}
      </Text>
    ),
  },
];

function Name({ row: { id, content, status, sendAt, createdAt } }: { row: Row }): ReactNode {
  return (
    <>
      <Anchor component={Link} to={`/notifications/${id}`} fw={550} lineClamp={2}>
        {titleOf(content)}
      </Anchor>
      <Text size="xs" c="dimmed">
        <Moment at={status === 'SCHEDULED' ? sendAt : createdAt} />
      </Text>
    </>
  );
}

function Accepted({ accepted, targeted }: { accepted: number; targeted: number }): ReactNode {
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress
        value={targeted === 0 ? 0 : (100 * accepted) / targeted}
        color="teal.6"
        size="sm"
        w={56}
        aria-label={`Accepted: ${asShare(accepted, targeted)}`}
      />
      <Text size="sm" className="figure">
        {asShare(accepted, targeted)}
      </Text>
    </Group>
  );
}
