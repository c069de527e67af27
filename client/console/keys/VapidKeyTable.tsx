import { Button, Code, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { VapidKeysQuery } from '../graphql/operations';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { StatusBadge } from '../layout/StatusBadge';
import { useConfirm } from '../layout/useConfirm';
import { inFull } from '../layout/words';

type VapidKey = VapidKeysQuery['vapidKeys'][number];
type Retire = UseMutationResult<unknown, Error, { publicKey: string; force: boolean }>;

/** The application server keys, newest first; an older one can be retired, its last browsers with it after a question. */
export function VapidKeyTable(props: { vapidKeys: readonly VapidKey[]; retire: Retire }): ReactNode {
  const { vapidKeys, retire } = props;
  const current = vapidKeys[0]?.publicKey;
  const columns: Columns<VapidKey> = [
    {
      header: 'Public key',
      cell: ({ publicKey }) => <PublicKey publicKey={publicKey} isCurrent={publicKey === current} />,
    },
    { header: 'Made', cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { header: 'Browsers', cell: ({ subscriptions }) => inFull(subscriptions), kind: 'number' },
    { header: 'Status', cell: (row) => <Status vapidKey={row} />, inCard: 'beside' },
    {
      header: 'Acts',
      cell: (row) =>
        row.publicKey !== current && !row.retiredAt && <RetireButton vapidKey={row} retire={retire} />,
      kind: 'acts',
    },
  ];
  return (
    <DataTable
      label="VAPID keys, in a table"
      columns={columns}
      rows={vapidKeys}
      rowKey={({ publicKey }) => publicKey}
      minWidth={600}
    />
  );
}

function PublicKey({ publicKey, isCurrent }: { publicKey: string; isCurrent: boolean }): ReactNode {
  return (
    <>
      <Code title={publicKey}>{publicKey.slice(0, 20)}…</Code>
      {isCurrent && (
        <Text size="xs" c="dimmed">
          browsers subscribe with this one
        </Text>
      )}
    </>
  );
}

function Status({ vapidKey: { retiredAt } }: { vapidKey: VapidKey }): ReactNode {
  if (!retiredAt) return <StatusBadge status="LIVE" />;
  return (
    <>
      <StatusBadge status="RETIRED" />{' '}
      <Text size="xs" c="dimmed" component="span">
        <Moment at={retiredAt} />
      </Text>
    </>
  );
}

function RetireButton({ vapidKey, retire }: { vapidKey: VapidKey; retire: Retire }): ReactNode {
  const { publicKey, subscriptions } = vapidKey;
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
    <>
      {dialog}
      <Button
        size="compact-xs"
        {...(unused ? { variant: 'default' } : { variant: 'subtle', color: 'red' })}
        onClick={ask}
        loading={retire.isPending && retire.variables.publicKey === publicKey}
        aria-label={`${act} the key ${publicKey.slice(0, 8)}`}
      >
        {act}
      </Button>
    </>
  );
}
