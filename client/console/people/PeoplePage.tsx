import { Anchor, Badge, Button, Card, Group, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { PushSubscriptionListDocument, type PushSubscriptionListQuery } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageButtons } from '../layout/PageButtons';
import { PageHeader } from '../layout/PageHeader';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { usePages } from '../layout/usePages';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow, pushServiceLabel } from '../layout/words';

type Device = PushSubscriptionListQuery['pushSubscriptions']['edges'][number]['node'];

/** Finds a person by its user id, and browsers by their tag. */
export default function PeoplePage(): ReactNode {
  const [typed, setTyped] = useState('');
  const [tag] = useDebouncedValue(typed.trim(), 250);
  const pages = usePages();
  const query = useApiQuery(
    PushSubscriptionListDocument,
    { first: 20, after: pages.after, tag: tag || null },
    { keepPrevious: true },
  );
  return (
    <>
      <PageHeader title="People and devices" about="Who can be reached, and on what" />
      <Card withBorder mb="md">
        <FindPerson />
      </Card>
      <Panel
        title="Browsers that can be reached"
        aside={
          <TextInput
            aria-label="Only with this tag"
            placeholder="tag"
            size="xs"
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              pages.reset();
            }}
          />
        }
      >
        <QueryView
          query={query}
          height={300}
          empty={({ pushSubscriptions }) =>
            pushSubscriptions.edges.length === 0 && (
              <Nothing title="No browsers here">
                {tag ? 'None carries this tag.' : 'None has subscribed yet.'}
              </Nothing>
            )
          }
        >
          {({ pushSubscriptions }) => (
            <>
              <DeviceRows devices={pushSubscriptions.edges.map(({ node }) => node)} />
              <PageButtons pages={pages} pageInfo={pushSubscriptions.pageInfo} />
            </>
          )}
        </QueryView>
      </Panel>
    </>
  );
}

function FindPerson(): ReactNode {
  const navigate = useNavigate();
  const [userId, setUserId] = useState('');
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (userId.trim() !== '') navigate(`/people/${encodeURIComponent(userId.trim())}`);
  };
  return (
    <form onSubmit={find}>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <TextInput
          flex={1}
          label="User id"
          description="In the words of your own application"
          value={userId}
          onChange={(event) => setUserId(event.currentTarget.value)}
        />
        <Button type="submit" disabled={userId.trim() === ''}>
          Find
        </Button>
      </Group>
    </form>
  );
}

function DeviceRows({ devices }: { devices: readonly Device[] }): ReactNode {
  return (
    <WideTable label="Browsers, in a table" minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>User</Table.Th>
          <Table.Th>Push service</Table.Th>
          <Table.Th>Tags</Table.Th>
          <Table.Th>Since</Table.Th>
          <Table.Th>Last seen</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {devices.map((device) => (
          <Table.Tr key={device.id}>
            <Table.Td>
              {device.userId ? (
                <Anchor component={Link} to={`/people/${encodeURIComponent(device.userId)}`} size="sm">
                  {device.userId}
                </Anchor>
              ) : (
                <Text size="sm" c="dimmed">
                  nobody in particular
                </Text>
              )}
            </Table.Td>
            <Table.Td>{pushServiceLabel(device.pushService)}</Table.Td>
            <Table.Td>
              <Group gap={4}>
                {device.tags.map((tag) => (
                  <Badge key={tag} variant="default" size="sm">
                    {tag}
                  </Badge>
                ))}
              </Group>
            </Table.Td>
            <Table.Td title={asInstant(device.createdAt)}>{fromNow(device.createdAt)}</Table.Td>
            <Table.Td title={asInstant(device.lastSeenAt)}>{fromNow(device.lastSeenAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
