import { Alert, Table, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { HealthQuery } from '../graphql/operations';
import { Panel } from '../layout/Panel';
import { QueryView } from '../layout/QueryView';
import { WideTable } from '../layout/WideTable';
import { inFull } from '../layout/words';
import { DeadDispatches } from './DeadDispatches';

type Queues = HealthQuery['queueHealth'];

/** How much work waits in each lane, and what was given up. */
export function QueuesPanel({ query }: { query: UseQueryResult<HealthQuery, Error> }): ReactNode {
  return (
    <Panel title="Queues">
      <QueryView query={query}>
        {({ queueHealth }) => (
          <>
            <QueueFaults queues={queueHealth} />
            <WideTable label="Queues, in a table" minWidth={310}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Lane</Table.Th>
                  <Table.Th className="number-cell">In the queue</Table.Th>
                  <Table.Th className="number-cell">Under way</Table.Th>
                  <Table.Th className="number-cell">Due</Table.Th>
                  <Table.Th className="number-cell">For later</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {queueHealth.lanes.map((lane) => (
                  <Table.Tr key={lane.lane}>
                    <Table.Td>{lane.lane.toLowerCase()}</Table.Td>
                    <Table.Td className="number-cell">
                      {lane.depth === null ? '–' : inFull(lane.depth)}
                    </Table.Td>
                    <Table.Td className="number-cell">{inFull(lane.underWay)}</Table.Td>
                    <Table.Td className="number-cell">{inFull(lane.due)}</Table.Td>
                    <Table.Td className="number-cell">{inFull(lane.later)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
            <Text size="xs" c="dimmed" mt="xs">
              Counted in dispatches of up to 500 deliveries. Dead letters:{' '}
              {queueHealth.deadLetters === null ? 'unknown' : inFull(queueHealth.deadLetters)}
            </Text>
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function QueueFaults({ queues }: { queues: Queues }): ReactNode {
  const dead = queues.lanes.reduce((sum, lane) => sum + lane.dead, 0);
  return (
    <>
      {!queues.connected && (
        <Alert color="red" variant="light" mb="sm" title="The queue cannot be reached">
          Nothing is lost: what was accepted waits in the database.
        </Alert>
      )}
      {(queues.deadLetters ?? 0) > 0 && (
        <Alert color="yellow" variant="light" mb="sm" title="Some messages were given up">
          {inFull(queues.deadLetters ?? 0)} dead letters; the database goes on without them.
        </Alert>
      )}
      {dead > 0 && (
        <Alert color="yellow" variant="light" mb="sm" title="Some work was set aside">
          <DeadDispatches />
        </Alert>
      )}
    </>
  );
}
