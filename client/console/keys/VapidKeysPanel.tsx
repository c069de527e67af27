import { Button, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { RotateVapidKeyDocument, VapidKeysDocument } from '../graphql/operations';
import { useApiMutation, useApiQuery } from '../graphql/useApi';
import { Panel } from '../layout/Panel';
import { QueryFault, QueryView } from '../layout/QueryView';
import { useConfirm } from '../layout/useConfirm';
import { WideTable } from '../layout/WideTable';
import { VapidKeyRow } from './VapidKeyRow';
import { VapidRotation } from './VapidRotation';

/** The application server keys, and how far a rotation is. */
export function VapidKeysPanel(): ReactNode {
  const query = useApiQuery(VapidKeysDocument, {}, { refreshMs: 10_000 });
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
          <>
            <VapidRotation keys={vapidKeys} />
            <WideTable label="VAPID keys, in a table" minWidth={600}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Public key</Table.Th>
                  <Table.Th>Made</Table.Th>
                  <Table.Th className="number-cell">Browsers</Table.Th>
                  <Table.Th>Status</Table.Th>
                  <Table.Th>
                    <span className="visually-hidden">Acts</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {vapidKeys.map((key, index) => (
                  <VapidKeyRow key={key.publicKey} vapidKey={key} current={index === 0} />
                ))}
              </Table.Tbody>
            </WideTable>
          </>
        )}
      </QueryView>
    </Panel>
  );
}
