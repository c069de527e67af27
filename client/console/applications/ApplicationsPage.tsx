import { Anchor, Badge, Button, Card, Group, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ApplicationsDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageHeader } from '../layout/PageHeader';
import { Nothing, QueryView } from '../layout/QueryView';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow, inFull } from '../layout/words';
import { useSession } from '../session/session';
import { CreateApplicationDialog } from './CreateApplicationDialog';
import type { Application } from './settingsDraft';

/** Every tenant of the installation. */
export default function ApplicationsPage(): ReactNode {
  const query = useApiQuery(ApplicationsDocument, {});
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <PageHeader title="Applications" about="Tenants: each with its own keys, subscribers and notifications">
        <Button onClick={open}>Create an application</Button>
      </PageHeader>
      {opened && <CreateApplicationDialog onClose={close} />}
      <Card withBorder padding="md">
        <QueryView
          query={query}
          height={240}
          empty={({ applications }) => applications.length === 0 && <Nothing title="No applications" />}
        >
          {({ applications }) => (
            <WideTable label="Applications, in a table" minWidth={680}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Web pages</Table.Th>
                  <Table.Th className="number-cell">Requests a minute</Table.Th>
                  <Table.Th>Users</Table.Th>
                  <Table.Th>Made</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {applications.map((application) => (
                  <ApplicationRow key={application.id} application={application} />
                ))}
              </Table.Tbody>
            </WideTable>
          )}
        </QueryView>
      </Card>
    </>
  );
}

function ApplicationRow({ application }: { application: Application }): ReactNode {
  const { viewer } = useSession();
  const { id, name, allowedOrigins, requestsPerMinute, requireUserProof, createdAt } = application;
  const own = id === viewer.applicationId;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Anchor component={Link} to={own ? '/settings' : `/applications/${id}`} fw={550} size="sm">
            {name}
          </Anchor>
          {own && (
            <Badge variant="light" size="sm">
              yours
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        {allowedOrigins?.map((origin) => (
          <Text key={origin} size="sm">
            {origin}
          </Text>
        )) ?? (
          <Text size="sm" c="dimmed">
            any
          </Text>
        )}
      </Table.Td>
      <Table.Td className="number-cell">
        {requestsPerMinute === null ? 'default' : inFull(requestsPerMinute)}
      </Table.Td>
      <Table.Td>{requireUserProof ? 'must be proved' : 'taken at their word'}</Table.Td>
      <Table.Td title={asInstant(createdAt)}>{fromNow(createdAt)}</Table.Td>
    </Table.Tr>
  );
}
