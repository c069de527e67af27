import { Anchor, SimpleGrid, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { PersonDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageHeader } from '../layout/PageHeader';
import { Nothing, QueryView } from '../layout/QueryView';
import { useSession } from '../session/session';
import { DeviceCard } from './DeviceCard';
import { HistoryPanel } from './HistoryPanel';
import { PersonActs } from './PersonActs';
import { useHistory } from './useHistory';

/** One person: the browsers it is reached on, and what reached them. */
export default function PersonPage(): ReactNode {
  const { userId = '' } = useParams();
  const { may } = useSession();
  const person = useApiQuery(PersonDocument, { userId });
  const history = useHistory(userId);
  return (
    <>
      <PageHeader
        title={userId}
        about={
          <Anchor component={Link} to="/people" size="sm">
            People and devices
          </Anchor>
        }
      >
        {person.data?.person && <PersonActs userId={userId} />}
      </PageHeader>
      <QueryView
        query={person}
        height={220}
        empty={({ person: found }) =>
          !found && (
            <Nothing title="Nobody of this name">No browser was ever registered for this user id.</Nothing>
          )
        }
      >
        {({ person: found }) =>
          found && (
            <Stack>
              <SimpleGrid cols={{ base: 1, md: 2 }}>
                {found.devices.map((device) => (
                  <DeviceCard key={device.id} device={device} history={history} />
                ))}
              </SimpleGrid>
              {may('notifications:read') && <HistoryPanel history={history} />}
            </Stack>
          )
        }
      </QueryView>
    </>
  );
}
