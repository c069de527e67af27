import { Anchor, Button, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import {
  DeadDispatchesDocument,
  type DeadDispatchesQuery,
  RedriveDispatchDocument,
  RedriveDispatchesDocument,
} from '../graphql/operations';
import { useApiMutation, useApiQuery } from '../graphql/useApi';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { QueryFault, QueryView } from '../layout/QueryView';
import { inFull, pushServiceLabel } from '../layout/words';

type DeadDispatch = DeadDispatchesQuery['deadDispatches']['edges'][number]['node'];
type Redrive = UseMutationResult<unknown, Error, { id: string }>;

/** Work that was set aside, with buttons that try it again at once. */
export function DeadDispatches(): ReactNode {
  const query = useApiQuery(DeadDispatchesDocument, {}, { refreshMs: 10_000 });
  const redrive = useApiMutation(RedriveDispatchDocument);
  const redriveAll = useApiMutation(RedriveDispatchesDocument);
  return (
    <QueryView query={query} height={60}>
      {({ deadDispatches: { edges } }) => (
        <>
          {redrive.error && <QueryFault error={redrive.error} />}
          {redriveAll.error && <QueryFault error={redriveAll.error} />}
          <Button
            size="compact-xs"
            variant="default"
            mb="xs"
            loading={redriveAll.isPending}
            onClick={() => redriveAll.mutate({})}
          >
            Try all again
          </Button>
          <DataTable
            label="Work that was set aside"
            columns={columnsOf(redrive)}
            rows={edges.map(({ node }) => node)}
            rowKey={({ id }) => id}
            minWidth={420}
          />
        </>
      )}
    </QueryView>
  );
}

function columnsOf(redrive: Redrive): Columns<DeadDispatch> {
  return [
    { header: 'Why', cell: (dispatch) => <Why dispatch={dispatch} />, isWide: true },
    { header: 'Set aside', cell: ({ deadAt }) => <Moment at={deadAt} /> },
    { header: 'Deliveries', cell: ({ deliveries }) => inFull(deliveries), kind: 'number' },
    {
      header: 'Acts',
      cell: ({ id }) => (
        <Button
          size="compact-xs"
          variant="default"
          loading={redrive.isPending && redrive.variables.id === id}
          onClick={() => redrive.mutate({ id })}
        >
          Try again
        </Button>
      ),
      kind: 'acts',
    },
  ];
}

function Why({ dispatch: { reason, pushService, notificationId } }: { dispatch: DeadDispatch }): ReactNode {
  return (
    <>
      <Text size="sm">{reason}</Text>
      <Text size="xs" c="dimmed">
        {pushServiceLabel(pushService)} ·{' '}
        <Anchor component={Link} to={`/notifications/${notificationId}`} size="xs">
          its notification
        </Anchor>
      </Text>
    </>
  );
}
