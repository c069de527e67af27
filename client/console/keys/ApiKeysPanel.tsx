import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { ApiKeysDocument, type ApiKeysQuery, RevokeApiKeyDocument } from '../graphql/operations';
import { useApiMutation, useApiQuery } from '../graphql/useApi';
import { Panel } from '../layout/Panel';
import { Nothing, QueryFault, QueryView } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { useConfirm } from '../layout/useConfirm';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow } from '../layout/words';
import { useSession } from '../session/session';
import { CreateKeyDialog } from './CreateKeyDialog';

type ApiKeyRow = ApiKeysQuery['apiKeys'][number];

/** The keys of the application: made here, shown once, revoked here. */
export function ApiKeysPanel(): ReactNode {
  const query = useApiQuery(ApiKeysDocument, {});
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
      <QueryView query={query} empty={({ apiKeys }) => apiKeys.length === 0 && <Nothing title="No keys" />}>
        {({ apiKeys }) => (
          <WideTable label="API keys, in a table" minWidth={760}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Kind</Table.Th>
                <Table.Th>Scopes</Table.Th>
                <Table.Th>Made</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th>
                  <span className="visually-hidden">Acts</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {[...apiKeys].sort(liveFirst).map((row) => (
                <KeyRow key={row.id} row={row} />
              ))}
            </Table.Tbody>
          </WideTable>
        )}
      </QueryView>
    </Panel>
  );
}

function liveFirst(a: ApiKeyRow, b: ApiKeyRow): number {
  return Number(a.revokedAt !== null) - Number(b.revokedAt !== null);
}

/** The API knows it to the minute. */
function lastUsed(at: string): string {
  return Date.now() - Date.parse(at) < 60_000 ? 'just now' : fromNow(at);
}

function KeyRow({ row }: { row: ApiKeyRow }): ReactNode {
  const { viewer } = useSession();
  const revoke = useApiMutation(RevokeApiKeyDocument);
  const { ask, dialog } = useConfirm({
    title: `Revoke “${row.name}”?`,
    text: 'Whoever uses this key is refused within seconds. This cannot be undone.',
    act: 'Revoke it',
    dangerous: true,
    onConfirm: () => revoke.mutate({ id: row.id }),
  });
  const own = viewer.apiKeyId === row.id;
  return (
    <Table.Tr>
      <Table.Td>
        {dialog}
        {revoke.error && <QueryFault error={revoke.error} />}
        {row.name}{' '}
        {own && (
          <Badge variant="light" size="sm">
            yours
          </Badge>
        )}
      </Table.Td>
      <Table.Td>{row.kind.toLowerCase()}</Table.Td>
      <Table.Td>
        <Group gap={4}>
          {row.scopes.map((scope) => (
            <Badge key={scope} variant="default" size="sm">
              {scope}
            </Badge>
          ))}
          {row.scopes.length === 0 && (
            <Text size="sm" c="dimmed">
              subscribe only
            </Text>
          )}
        </Group>
      </Table.Td>
      <Table.Td title={asInstant(row.createdAt)}>{fromNow(row.createdAt)}</Table.Td>
      <Table.Td title={asInstant(row.lastUsedAt)}>
        {row.lastUsedAt ? lastUsed(row.lastUsedAt) : 'never'}
      </Table.Td>
      <Table.Td>
        <StatusBadge status={row.revokedAt ? 'REVOKED' : 'LIVE'} />
      </Table.Td>
      <Table.Td ta="end">
        {!row.revokedAt && !own && (
          <Button
            size="compact-xs"
            color="red"
            variant="subtle"
            onClick={ask}
            loading={revoke.isPending}
            aria-label={`Revoke ${row.name}`}
          >
            Revoke
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
