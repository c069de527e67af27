import { Anchor, Button, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import {
  DeadDispatchesDocument,
  type DeadDispatchesQuery,
  RedriveDispatchDocument,
} from '../graphql/operations';
import { useApiMutation, useApiQuery } from '../graphql/useApi';
import { QueryFault, QueryView } from '../layout/QueryView';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow, inFull, pushServiceLabel } from '../layout/words';

type DeadDispatch = DeadDispatchesQuery['deadDispatches']['edges'][number]['node'];

/** Work that was set aside, with the way to put it back once its cause is mended. */
export function DeadDispatches(): ReactNode {
  const query = useApiQuery(DeadDispatchesDocument, {}, { refreshMs: 10_000 });
  return (
    <QueryView query={query} height={60}>
      {({ deadDispatches: { edges } }) => (
        <WideTable label="Work that was set aside" minWidth={420}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Set aside</Table.Th>
              <Table.Th>Why</Table.Th>
              <Table.Th className="number-cell">Deliveries</Table.Th>
              <Table.Th>
                <span className="visually-hidden">Acts</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {edges.map(({ node }) => (
              <DeadDispatchRow key={node.id} dispatch={node} />
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </QueryView>
  );
}

function DeadDispatchRow({ dispatch }: { dispatch: DeadDispatch }): ReactNode {
  const redrive = useApiMutation(RedriveDispatchDocument);
  return (
    <Table.Tr>
      <Table.Td title={asInstant(dispatch.deadAt)}>
        {redrive.error && <QueryFault error={redrive.error} />}
        {fromNow(dispatch.deadAt)}
      </Table.Td>
      <Table.Td>
        <Text size="sm">{dispatch.reason}</Text>
        <Text size="xs" c="dimmed">
          {pushServiceLabel(dispatch.pushService)} ·{' '}
          <Anchor component={Link} to={`/notifications/${dispatch.notificationId}`} size="xs">
            its notification
          </Anchor>
        </Text>
      </Table.Td>
      <Table.Td className="number-cell">{inFull(dispatch.deliveries)}</Table.Td>
      <Table.Td ta="end">
        <Button
          size="compact-xs"
          variant="default"
          loading={redrive.isPending}
          onClick={() => redrive.mutate({ id: dispatch.id })}
        >
          Try again
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
