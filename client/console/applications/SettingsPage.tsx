import { Grid } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApplicationsDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageHeader } from '../layout/PageHeader';
import { Nothing, QueryView } from '../layout/QueryView';
import { useSession } from '../session/session';
import { SettingsPanel } from './SettingsPanel';
import type { Application } from './settingsDraft';
import { UserProofPanel } from './UserProofPanel';
import { WelcomePanel } from './WelcomePanel';

/** The settings of the application that the key belongs to. */
export default function SettingsPage(): ReactNode {
  const { viewer } = useSession();
  const query = useApiQuery(ApplicationsDocument, {});
  const own = (applications: readonly Application[]) =>
    applications.find(({ id }) => id === viewer.applicationId);
  return (
    <>
      <PageHeader title="Settings" about={`Of the application “${viewer.applicationName}”`} />
      <QueryView
        query={query}
        height={420}
        empty={({ applications }) => !own(applications) && <Nothing title="There is no such application" />}
      >
        {({ applications }) => {
          const application = own(applications);
          return (
            application && (
              <Grid gap="md">
                <Grid.Col span={{ base: 12, lg: 7 }}>
                  <SettingsPanel application={application} />
                </Grid.Col>
                <Grid.Col span={{ base: 12, lg: 5 }}>
                  <UserProofPanel application={application} />
                </Grid.Col>
                <Grid.Col span={12}>
                  <WelcomePanel application={application} />
                </Grid.Col>
              </Grid>
            )
          );
        }}
      </QueryView>
    </>
  );
}
