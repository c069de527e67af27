import { Anchor, Badge, Button, Card, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ApplicationsDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { PageHeader } from '../layout/PageHeader';
import { Nothing, QueryView } from '../layout/QueryView';
import { inFull } from '../layout/words';
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
            <DataTable
              label="Applications, in a table"
              columns={columns}
              rows={applications}
              rowKey={({ id }) => id}
              minWidth={680}
            />
          )}
        </QueryView>
      </Card>
    </>
  );
}

const columns: Columns<Application> = [
  { header: 'Name', cell: (application) => <Name application={application} /> },
  {
    header: 'Web pages',
    cell: ({ allowedOrigins }) => <Origins origins={allowedOrigins} />,
    inCard: 'whole',
  },
  {
    header: 'Requests a minute',
    cell: ({ requestsPerMinute }) => (requestsPerMinute === null ? 'standard' : inFull(requestsPerMinute)),
    kind: 'number',
  },
  {
    header: 'Users',
    cell: ({ requireUserProof }) => (requireUserProof ? 'must be proved' : 'taken at their word'),
  },
  { header: 'Made', cell: ({ createdAt }) => <Moment at={createdAt} /> },
];

function Name({ application: { id, name } }: { application: Application }): ReactNode {
  const { viewer } = useSession();
  const own = id === viewer.applicationId;
  return (
    <Group gap="xs" wrap="nowrap">
      <Anchor
        component={Link}
        to={own ? '/settings' : `/applications/${id}`}
        fw={550}
        size="sm"
        className="breakable"
      >
        {name}
      </Anchor>
      {own && (
        <Badge variant="light" size="sm">
          yours
        </Badge>
      )}
    </Group>
  );
}

function Origins({ origins }: { origins: readonly string[] | null }): ReactNode {
  if (!origins) {
    return (
      <Text size="sm" c="dimmed">
        any
      </Text>
    );
  }
  return origins.map((origin) => (
    <Text key={origin} size="sm" className="breakable">
      {origin}
    </Text>
  ));
}
