import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DeliveryStatisticsQuery } from '../graphql/operations';
import { reasonInWords } from './reasons';
import { StatusBadge } from './StatusBadge';
import { WideTable } from './WideTable';
import { inFull, pushServiceLabel } from './words';

type Outcome = DeliveryStatisticsQuery['deliveryStatistics']['outcomes'][number];

/** Outcomes by push service and reason, with the reason in words. */
export function OutcomeTable({ outcomes }: { outcomes: readonly Outcome[] }): ReactNode {
  return (
    <WideTable label="Outcomes" minWidth={330}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Outcome</Table.Th>
          <Table.Th>Why</Table.Th>
          <Table.Th className="number-cell">Deliveries</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {outcomes.map(({ pushService, status, reason, deliveries }) => (
          <Table.Tr key={`${pushService} ${status} ${reason}`}>
            <Table.Td>
              <StatusBadge status={status} />
            </Table.Td>
            <Table.Td>
              <Text size="sm" title={reason} lh={1.35}>
                {reasonInWords(reason)}
              </Text>
              <Text size="xs" c="dimmed">
                {pushServiceLabel(pushService)}
              </Text>
            </Table.Td>
            <Table.Td className="number-cell">{inFull(deliveries)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
