import { Button, Code, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { RotateVapidKeyDocument, VapidKeysDocument } from '../graphql/operations';
import { useApiMutation, useApiQuery } from '../graphql/useApi';
import { Panel } from '../layout/Panel';
import { QueryFault, QueryView } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { useConfirm } from '../layout/useConfirm';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow, inFull } from '../layout/words';

/** The application server keys, and how far a rotation is. */
export function VapidKeysPanel(): ReactNode {
  const query = useApiQuery(VapidKeysDocument, {});
  const rotate = useApiMutation(RotateVapidKeyDocument);
  const { ask, dialog } = useConfirm({
    title: 'Rotate the VAPID key?',
    text: 'Browsers move to a new key at their next visit. Until then the old one goes on reaching them, so nobody is lost.',
    act: 'Make a new key',
    onConfirm: () => rotate.mutate({}),
  });
  return (
    <Panel
      title="VAPID keys"
      aside={
        <Button size="xs" variant="default" onClick={ask} loading={rotate.isPending}>
          Rotate
        </Button>
      }
    >
      {dialog}
      {rotate.error && <QueryFault error={rotate.error} />}
      <QueryView query={query}>
        {({ vapidKeys }) => (
          <WideTable label="VAPID keys, in a table" minWidth={520}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Public key</Table.Th>
                <Table.Th>Made</Table.Th>
                <Table.Th className="number-cell">Browsers</Table.Th>
                <Table.Th>Status</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {vapidKeys.map((key, index) => (
                <Table.Tr key={key.publicKey}>
                  <Table.Td>
                    <Code title={key.publicKey}>{key.publicKey.slice(0, 28)}…</Code>
                    {index === 0 && (
                      <Text size="xs" c="dimmed">
                        browsers subscribe with this one
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td title={asInstant(key.createdAt)}>{fromNow(key.createdAt)}</Table.Td>
                  <Table.Td className="number-cell">{inFull(key.subscriptions)}</Table.Td>
                  <Table.Td>
                    <StatusBadge status={key.retiredAt ? 'RETIRED' : 'LIVE'} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </WideTable>
        )}
      </QueryView>
    </Panel>
  );
}
