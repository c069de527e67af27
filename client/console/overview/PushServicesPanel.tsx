import { Badge, Table, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { GateState, HealthQuery } from '../graphql/operations';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow, inFull, pushServiceLabel } from '../layout/words';

const states: Record<GateState, { label: string; color: string }> = {
  CLOSED: { label: 'passing', color: 'teal' },
  HALF_OPEN: { label: 'probing', color: 'yellow' },
  OPEN: { label: 'paused', color: 'red' },
};

/** Breaker, pace and pauses of each push service, as the workers see them. */
export function PushServicesPanel({ query }: { query: UseQueryResult<HealthQuery, Error> }): ReactNode {
  return (
    <Panel title="Health of the push services" aside={<LiveNote />}>
      <QueryView query={query} empty={({ pushServiceHealth }) => pushServiceHealth.length === 0 && quiet}>
        {({ pushServiceHealth }) => (
          <WideTable label="Health of the push services, in a table" minWidth={460}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Push service</Table.Th>
                <Table.Th>Breaker</Table.Th>
                <Table.Th className="number-cell">Per minute</Table.Th>
                <Table.Th className="number-cell">Under way / limit</Table.Th>
                <Table.Th className="number-cell">Waiting</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {pushServiceHealth.map((each) => (
                <ServiceRow key={each.pushService} service={each} />
              ))}
            </Table.Tbody>
          </WideTable>
        )}
      </QueryView>
    </Panel>
  );
}

function ServiceRow({ service }: { service: HealthQuery['pushServiceHealth'][number] }): ReactNode {
  const { label, color } = states[service.state];
  return (
    <Table.Tr>
      <Table.Td>{pushServiceLabel(service.pushService)}</Table.Td>
      <Table.Td>
        <Badge variant="default" size="sm">
          <span className="status-dot" style={{ backgroundColor: `var(--mantine-color-${color}-6)` }} />
          {label}
        </Badge>
        {service.pausedUntil && (
          <Text size="xs" c="dimmed" title={asInstant(service.pausedUntil)}>
            goes on {fromNow(service.pausedUntil)}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="number-cell">{volume(service.attemptsPerMinute)}</Table.Td>
      <Table.Td className="number-cell">
        {volume(service.underWay)} / {inFull(service.limit)}
      </Table.Td>
      <Table.Td className="number-cell">{volume(service.waiting)}</Table.Td>
    </Table.Tr>
  );
}

/** Only admins of the installation are told how much all applications send. */
function volume(count: number | null): string {
  return count === null ? '–' : inFull(count);
}

function LiveNote(): ReactNode {
  return (
    <Text size="xs" c="dimmed">
      live
    </Text>
  );
}

const quiet = (
  <Nothing title="No push service was met yet">
    Workers report here as soon as they have sent something; after a restart, too.
  </Nothing>
);
