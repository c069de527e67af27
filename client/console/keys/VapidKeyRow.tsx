import { Button, Code, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { RetireVapidKeyDocument, type VapidKeysQuery } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { QueryFault } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { useConfirm } from '../layout/useConfirm';
import { asInstant, fromNow, inFull } from '../layout/words';

/** One application server key; an older one can be retired, its last browsers with it after a question. */
export function VapidKeyRow(props: {
  vapidKey: VapidKeysQuery['vapidKeys'][number];
  /** Browsers subscribe with it now. */
  current: boolean;
}): ReactNode {
  const { publicKey, createdAt, retiredAt, subscriptions } = props.vapidKey;
  const retire = useApiMutation(RetireVapidKeyDocument);
  const unused = subscriptions === 0;
  const act = unused ? 'Retire' : 'Retire by force';
  const browsers = subscriptions === 1 ? '1 browser' : `${inFull(subscriptions)} browsers`;
  const { ask, dialog } = useConfirm({
    title: unused ? 'Retire this VAPID key?' : `Retire this VAPID key and lose ${browsers}?`,
    text: unused
      ? 'No browser uses it any more, and none can subscribe with it again.'
      : `${browsers} did not move to the newer key yet and cannot be reached from then on, until they subscribe anew. Waiting loses nobody. This cannot be undone.`,
    act: unused ? 'Retire it' : `Retire it, lose ${browsers}`,
    dangerous: true,
    onConfirm: () => retire.mutate({ publicKey, force: !unused }),
  });
  return (
    <Table.Tr>
      <Table.Td>
        {dialog}
        {retire.error && <QueryFault error={retire.error} />}
        <Code title={publicKey}>{publicKey.slice(0, 28)}…</Code>
        {props.current && (
          <Text size="xs" c="dimmed">
            browsers subscribe with this one
          </Text>
        )}
      </Table.Td>
      <Table.Td title={asInstant(createdAt)}>{fromNow(createdAt)}</Table.Td>
      <Table.Td className="number-cell">{inFull(subscriptions)}</Table.Td>
      <Table.Td title={asInstant(retiredAt)}>
        <StatusBadge status={retiredAt ? 'RETIRED' : 'LIVE'} />
      </Table.Td>
      <Table.Td ta="end">
        {!props.current && !retiredAt && (
          <Button
            size="compact-xs"
            {...(unused ? { variant: 'default' } : { variant: 'subtle', color: 'red' })}
            onClick={ask}
            loading={retire.isPending}
            aria-label={`${act} the key ${publicKey.slice(0, 8)}`}
          >
            {act}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
