import { Anchor, Box, Button, Card, Group, Progress, Select, Stack, Table, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import {
  NotificationListDocument,
  type NotificationListQuery,
  type NotificationStatus,
} from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageButtons } from '../layout/PageButtons';
import { PageHeader } from '../layout/PageHeader';
import { Nothing, QueryView } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { usePages } from '../layout/usePages';
import { asInstant, asShare, fromNow, inFull } from '../layout/words';
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
      <Card withBorder padding={0}>
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
              <NotificationTable rows={notifications.edges.map(({ node }) => node)} />
              <Group px="md" pb="md" justify="flex-end">
                <PageButtons pages={pages} pageInfo={notifications.pageInfo} />
              </Group>
            </>
          )}
        </QueryView>
      </Card>
    </>
  );
}

function NotificationTable({ rows }: { rows: readonly Row[] }): ReactNode {
  return (
    <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Notification</Table.Th>
          <Table.Th visibleFrom="sm">Status</Table.Th>
          <Table.Th className="number-cell">Targeted</Table.Th>
          <Table.Th visibleFrom="sm">Accepted</Table.Th>
          <Table.Th className="number-cell" visibleFrom="sm">
            Displayed
          </Table.Th>
          <Table.Th className="number-cell" visibleFrom="sm">
            Clicked
          </Table.Th>
          <Table.Th visibleFrom="md">Sent by</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <NotificationTableRow key={row.id} row={row} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function NotificationTableRow({ row }: { row: Row }): ReactNode {
  const { targeted, accepted, displayed, clicked } = row.progress;
  const time = row.status === 'SCHEDULED' ? row.sendAt : row.createdAt;
  return (
    <Table.Tr>
      <Table.Td>
        <Stack gap={0}>
          <Anchor component={Link} to={`/notifications/${row.id}`} fw={550} lineClamp={1}>
            {titleOf(row.content)}
          </Anchor>
          <Group gap={6}>
            <Text size="xs" c="dimmed" title={asInstant(time)}>
              {fromNow(time)}
            </Text>
            <Box hiddenFrom="sm">
              <StatusBadge status={row.status} />
            </Box>
          </Group>
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <StatusBadge status={row.status} />
      </Table.Td>
      <Table.Td className="number-cell">{inFull(targeted)}</Table.Td>
      <Table.Td visibleFrom="sm" miw={120}>
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
      </Table.Td>
      <Table.Td className="number-cell" visibleFrom="sm">
        {inFull(displayed)}
      </Table.Td>
      <Table.Td className="number-cell" visibleFrom="sm">
        {inFull(clicked)}
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm" c="dimmed" lineClamp={1}>
          {row.sentBy ?? '–'}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
