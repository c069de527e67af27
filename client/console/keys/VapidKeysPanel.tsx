import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { RetireVapidKeyDocument, RotateVapidKeyDocument, VapidKeysDocument } from '../graphql/operations';
import { useApiMutation, useApiQuery } from '../graphql/useApi';
import { Panel } from '../layout/Panel';
import { QueryFault, QueryView } from '../layout/QueryView';
import { useConfirm } from '../layout/useConfirm';
import { VapidKeyTable } from './VapidKeyTable';
import { VapidRotation } from './VapidRotation';

/** The application server keys, and how far a rotation is. */
export function VapidKeysPanel(): ReactNode {
  const query = useApiQuery(VapidKeysDocument, {}, { refreshMs: 10_000 });
  const rotate = useApiMutation(RotateVapidKeyDocument);
  const retire = useApiMutation(RetireVapidKeyDocument);
  const { ask, dialog } = useConfirm({
    title: 'Rotate the VAPID key?',
    text: 'Browsers move to a new key at their next visit. Until then the old one goes on reaching them, so nobody is lost.',
    act: 'Make a new key',
    onConfirm: () => rotate.mutate({}),
  });
  const error = rotate.error ?? retire.error;
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
      {error && <QueryFault error={error} />}
      <QueryView query={query}>
        {({ vapidKeys }) => (
          <>
            <VapidRotation keys={vapidKeys} />
            <VapidKeyTable vapidKeys={vapidKeys} retire={retire} />
          </>
        )}
      </QueryView>
    </Panel>
  );
}
