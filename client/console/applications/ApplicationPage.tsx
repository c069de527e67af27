import { Anchor, Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { ApplicationsDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { CreateKeyDialog } from '../keys/CreateKeyDialog';
import { Facts } from '../layout/Facts';
import { Missing } from '../layout/Missing';
import { PageHeader } from '../layout/PageHeader';
import { Panel } from '../layout/Panel';
import { QueryView } from '../layout/QueryView';
import { asInstant } from '../layout/words';
import { SettingsPanel } from './SettingsPanel';
import { StopApplication } from './StopApplication';
import { SubscriptionUsePanel } from './SubscriptionUsePanel';
import type { Application } from './settingsDraft';
import { WelcomePanel } from './WelcomePanel';

/** One application as the admin of the installation sees it: its settings, and a key to act in its name. */
export default function ApplicationPage(): ReactNode {
  const { id = '' } = useParams();
  const query = useApiQuery(ApplicationsDocument, {});
  const find = (applications: readonly Application[]) => applications.find((each) => each.id === id);
  return (
    <>
      {!query.data && <PageHeader title="Application" about={<Place />} />}
      <QueryView
        query={query}
        height={420}
        empty={({ applications }) =>
          !find(applications) && (
            <Missing
              title="There is no such application"
              why="Or it was never made."
              backTo="/applications"
              back="All applications"
            />
          )
        }
      >
        {({ applications }) => {
          const application = find(applications);
          return application && <ApplicationView application={application} />;
        }}
      </QueryView>
    </>
  );
}

/** The way back to the list. */
function Place(): ReactNode {
  return (
    <Anchor component={Link} to="/applications" size="sm">
      Applications
    </Anchor>
  );
}

function ApplicationView({ application }: { application: Application }): ReactNode {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <PageHeader title={application.name} about={<Place />}>
        <Button variant="default" onClick={open}>
          Create a key for it
        </Button>
      </PageHeader>
      {opened && <CreateKeyDialog applicationId={application.id} onClose={close} />}
      <Stack>
        <StopApplication application={application} />
        <SubscriptionUsePanel applicationId={application.id} />
        <div className="main-and-side">
          <SettingsPanel application={application} />
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
        </div>
        <WelcomePanel application={application} />
      </Stack>
    </>
  );
}
