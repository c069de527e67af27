import { Anchor, Button, Grid } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { ApplicationsDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { CreateKeyDialog } from '../keys/CreateKeyDialog';
import { Facts } from '../layout/Facts';
import { PageHeader } from '../layout/PageHeader';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { asInstant } from '../layout/words';
import { SettingsPanel } from './SettingsPanel';
import type { Application } from './settingsDraft';
import { WelcomePanel } from './WelcomePanel';

/** One application as the admin of the installation sees it: its settings, and a key to act in its name. */
export default function ApplicationPage(): ReactNode {
  const { id = '' } = useParams();
  const query = useApiQuery(ApplicationsDocument, {});
  const find = (applications: readonly Application[]) => applications.find((each) => each.id === id);
  return (
    <QueryView
      query={query}
      height={420}
      empty={({ applications }) => !find(applications) && <Nothing title="There is no such application" />}
    >
      {({ applications }) => {
        const application = find(applications);
        return application && <ApplicationView application={application} />;
      }}
    </QueryView>
  );
}

function ApplicationView({ application }: { application: Application }): ReactNode {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <PageHeader
        title={application.name}
        about={
          <Anchor component={Link} to="/applications" size="sm">
            Applications
          </Anchor>
        }
      >
        <Button variant="default" onClick={open}>
          Create a key for it
        </Button>
      </PageHeader>
      {opened && <CreateKeyDialog applicationId={application.id} onClose={close} />}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <SettingsPanel application={application} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Panel title="What its own admins set">
            <Facts
              facts={[
                ['Proof of users', application.requireUserProof ? 'required' : 'not required'],
                ['Key for it', application.canProveUsers ? 'stored' : 'none yet'],
                ['Made', asInstant(application.createdAt)],
                ['Id', application.id],
              ]}
            />
          </Panel>
        </Grid.Col>
        <Grid.Col span={12}>
          <WelcomePanel application={application} />
        </Grid.Col>
      </Grid>
    </>
  );
}
