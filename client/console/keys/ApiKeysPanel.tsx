import { Badge, Button, Checkbox, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ApiKeysDocument, type ApiKeysQuery, RevokeApiKeyDocument } from '../graphql/operations';
import { useApiMutation, useApiQuery } from '../graphql/useApi';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { Panel } from '../layout/Panel';
import { Nothing, QueryFault, QueryView } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { useConfirm } from '../layout/useConfirm';
import { useSession } from '../session/session';
import { CreateKeyDialog } from './CreateKeyDialog';
import { Scopes } from './Scopes';

type ApiKey = ApiKeysQuery['apiKeys'][number];
type Revoke = UseMutationResult<unknown, Error, { id: string; cancelNotifications: boolean }>;

/** The keys of the application: made here, shown once, revoked here. */
export function ApiKeysPanel(): ReactNode {
  const query = useApiQuery(ApiKeysDocument, {});
  const revoke = useApiMutation(RevokeApiKeyDocument);
  const { viewer } = useSession();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <Panel
      title="API keys"
      aside={
        <Button size="xs" onClick={open}>
          Create a key
        </Button>
      }
    >
      {opened && <CreateKeyDialog onClose={close} />}
      {revoke.error && <QueryFault error={revoke.error} />}
      <QueryView query={query} empty={({ apiKeys }) => apiKeys.length === 0 && <Nothing title="No keys" />}>
        {({ apiKeys }) => (
          <DataTable
            label="API keys, in a table"
            columns={columnsOf(viewer.apiKeyId, revoke)}
            rows={[...apiKeys].sort(liveFirst)}
            rowKey={({ id }) => id}
            minWidth={760}
          />
        )}
      </QueryView>
    </Panel>
  );
}

function liveFirst(a: ApiKey, b: ApiKey): number {
  return Number(a.revokedAt !== null) - Number(b.revokedAt !== null);
}

/** @param ownId the key that is signed in, which does not revoke itself */
function columnsOf(ownId: string, revoke: Revoke): Columns<ApiKey> {
  return [
    { header: 'Name', cell: ({ id, name }) => <Name name={name} isOwn={id === ownId} /> },
    { header: 'Kind', cell: ({ kind }) => kind.toLowerCase() },
    { header: 'Scopes', cell: ({ scopes }) => <Scopes scopes={scopes} />, inCard: 'whole' },
    { header: 'Made', cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { header: 'Last used', cell: ({ lastUsedAt }) => <LastUsed at={lastUsedAt} /> },
    {
      header: 'Status',
      cell: ({ revokedAt }) => <StatusBadge status={revokedAt ? 'REVOKED' : 'LIVE'} />,
      inCard: 'beside',
    },
    {
      header: 'Acts',
      cell: (row) => row.revokedAt === null && row.id !== ownId && <RevokeButton row={row} revoke={revoke} />,
      kind: 'acts',
    },
  ];
}

function Name({ name, isOwn }: { name: string; isOwn: boolean }): ReactNode {
  return (
    <>
      <span className="breakable">{name}</span>{' '}
      {isOwn && (
        <Badge variant="light" size="sm">
          yours
        </Badge>
      )}
    </>
  );
}

/** The API knows it to the minute. */
function LastUsed({ at }: { at: string | null }): ReactNode {
  return at && Date.now() - Date.parse(at) < 60_000 ? 'just now' : <Moment at={at} never="never" />;
}

function RevokeButton({ row, revoke }: { row: ApiKey; revoke: Revoke }): ReactNode {
  const [cancelNotifications, setCancelNotifications] = useState(false);
  const { ask, dialog } = useConfirm({
    title: `Revoke “${row.name}”?`,
    text: (
      <Stack gap="md">
        Requests with this key are refused within seconds. This cannot be undone.
        {row.kind === 'SECRET' && (
          <Checkbox
            label="Also cancel unfinished notifications that it has sent"
            description="For a key that was stolen"
            checked={cancelNotifications}
            onChange={(event) => setCancelNotifications(event.currentTarget.checked)}
          />
        )}
      </Stack>
    ),
    act: 'Revoke it',
    dangerous: true,
    onConfirm: () => revoke.mutate({ id: row.id, cancelNotifications }),
  });
  return (
    <>
      {dialog}
      <Button
        size="compact-xs"
        color="red"
        variant="subtle"
        onClick={ask}
        loading={revoke.isPending && revoke.variables.id === row.id}
        aria-label={`Revoke ${row.name}`}
      >
        Revoke
      </Button>
    </>
  );
}
