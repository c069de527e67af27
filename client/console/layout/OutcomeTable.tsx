import { Anchor, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DeliveryStatisticsQuery } from '../graphql/operations';
import type { Columns } from './column';
import { DataTable } from './DataTable';
import { reasonInWords } from './reasons';
import { StatusBadge } from './StatusBadge';
import { inFull, pushServiceLabel } from './words';

type Outcome = DeliveryStatisticsQuery['deliveryStatistics']['outcomes'][number];

/** Outcomes by push service and reason, with the reason in words; a number leads to its deliveries. */
export function OutcomeTable(props: {
  outcomes: readonly Outcome[];
  /** Shows the deliveries behind an outcome. */
  onChoose?: (outcome: Outcome) => void;
}): ReactNode {
  const { outcomes, onChoose } = props;
  const columns: Columns<Outcome> = [
    { header: 'Outcome', cell: ({ status }) => <StatusBadge status={status} /> },
    { header: 'Why', cell: (outcome) => <Why outcome={outcome} />, isWide: true, inCard: 'whole' },
    {
      header: 'Deliveries',
      cell: (outcome) => <Deliveries outcome={outcome} onChoose={onChoose} />,
      kind: 'number',
      inCard: 'beside',
    },
  ];
  return (
    <DataTable
      label="Outcomes, in a table"
      columns={columns}
      rows={outcomes}
      rowKey={({ pushService, status, reason }) => `${pushService} ${status} ${reason}`}
      minWidth={380}
    />
  );
}

function Why({ outcome: { reason, pushService } }: { outcome: Outcome }): ReactNode {
  return (
    <>
      <Text size="sm" title={reason} lh={1.35}>
        {reasonInWords(reason)}
      </Text>
      <Text size="xs" c="dimmed">
        {pushServiceLabel(pushService)}
      </Text>
    </>
  );
}

function Deliveries(props: {
  outcome: Outcome;
  onChoose: ((outcome: Outcome) => void) | undefined;
}): ReactNode {
  const { outcome, onChoose } = props;
  const { pushService, status, reason, deliveries } = outcome;
  if (!onChoose) return inFull(deliveries);
  return (
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
  );
}
