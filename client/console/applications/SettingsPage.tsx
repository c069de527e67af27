import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApplicationsDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageHeader } from '../layout/PageHeader';
import { Nothing, QueryView } from '../layout/QueryView';
import { useSession } from '../session/session';
import { SettingsPanel } from './SettingsPanel';
import { SubscriptionUsePanel } from './SubscriptionUsePanel';
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
              <Stack>
                <SubscriptionUsePanel applicationId={application.id} />
                <div className="main-and-side">
                  <SettingsPanel application={application} />
                  <UserProofPanel application={application} />
                </div>
                <WelcomePanel application={application} />
              </Stack>
            )
          );
        }}
      </QueryView>
    </>
  );
}
