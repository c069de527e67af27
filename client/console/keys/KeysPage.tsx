import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { PageHeader } from '../layout/PageHeader';
import { useSession } from '../session/session';
import { ApiKeysPanel } from './ApiKeysPanel';
import { AuditPanel } from './AuditPanel';
import { VapidKeysPanel } from './VapidKeysPanel';

/** Who may call the API, the keys that browsers subscribe with, and what admins changed. */
export default function KeysPage(): ReactNode {
  const { viewer } = useSession();
  return (
    <>
      <PageHeader title="Keys" about={`Of the application “${viewer.applicationName}”`} />
      <Stack>
        <ApiKeysPanel />
        <VapidKeysPanel />
        <AuditPanel />
      </Stack>
    </>
  );
}
