import { Anchor, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DeliveryStatisticsQuery } from '../graphql/operations';
import { reasonInWords } from './reasons';
import { StatusBadge } from './StatusBadge';
import { WideTable } from './WideTable';
import { inFull, pushServiceLabel } from './words';

type Outcome = DeliveryStatisticsQuery['deliveryStatistics']['outcomes'][number];

/** Outcomes by push service and reason, with the reason in words; a number leads to its deliveries. */
export function OutcomeTable(props: {
  outcomes: readonly Outcome[];
  /** Shows the deliveries behind an outcome. */
  onChoose?: (outcome: Outcome) => void;
}): ReactNode {
  const { outcomes, onChoose } = props;
  return (
    <WideTable label="Outcomes" minWidth={330}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Outcome</Table.Th>
          <Table.Th w="100%">Why</Table.Th>
          <Table.Th className="number-cell">Deliveries</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {outcomes.map((outcome) => (
          <OutcomeRow
            key={`${outcome.pushService} ${outcome.status} ${outcome.reason}`}
            outcome={outcome}
            onChoose={onChoose}
          />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function OutcomeRow(props: {
  outcome: Outcome;
  onChoose: ((outcome: Outcome) => void) | undefined;
}): ReactNode {
  const { outcome, onChoose } = props;
  const { pushService, status, reason, deliveries } = outcome;
  return (
    <Table.Tr>
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
      <Table.Td className="number-cell">
        {onChoose ? (
          <Anchor
            component="button"
            type="button"
            size="sm"
            className="figure"
            aria-label={`Show ${inFull(deliveries)} ${status.toLowerCase()}, ${pushServiceLabel(pushService)}: ${reasonInWords(reason)}`}
            onClick={() => onChoose(outcome)}
          >
            {inFull(deliveries)}
          </Anchor>
        ) : (
          inFull(deliveries)
        )}
      </Table.Td>
    </Table.Tr>
  );
}
