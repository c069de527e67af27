import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { DeliveryStatisticsQuery } from '../graphql/operations';
import { OutcomeTable } from '../layout/OutcomeTable';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';

const shown = 6;

/** Why deliveries did not get through, the most frequent first. */
export function ReasonsPanel({
  query,
}: {
  query: UseQueryResult<DeliveryStatisticsQuery, Error>;
}): ReactNode {
  return (
    <Panel title="Why some did not get through">
      <QueryView
        query={query}
        height={260}
        empty={(data) => failuresOf(data).length === 0 && <Nothing title="No failures in this period" />}
      >
        {(data) => <OutcomeTable outcomes={failuresOf(data).slice(0, shown)} />}
      </QueryView>
    </Panel>
  );
}

function failuresOf({ deliveryStatistics }: DeliveryStatisticsQuery) {
  return deliveryStatistics.outcomes.filter(({ status }) => status !== 'ACCEPTED');
}
