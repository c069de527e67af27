import { Alert, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { HealthQuery } from '../graphql/operations';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Panel } from '../layout/Panel';
import { QueryView } from '../layout/QueryView';
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
            <DataTable
              label="Queues, in a table"
              columns={columns}
              rows={queueHealth.lanes}
              rowKey={({ lane }) => lane}
              minWidth={420}
            />
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

const columns: Columns<Queues['lanes'][number]> = [
  { header: 'Lane', cell: ({ lane }) => lane.toLowerCase() },
  {
    header: 'In the queue',
    cell: ({ depth }) => (depth === null ? '–' : inFull(depth)),
    kind: 'number',
  },
  { header: 'Under way', cell: ({ underWay }) => inFull(underWay), kind: 'number' },
  { header: 'Due', cell: ({ due }) => inFull(due), kind: 'number' },
  { header: 'For later', cell: ({ later }) => inFull(later), kind: 'number' },
];

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
