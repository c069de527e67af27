import { Anchor } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ChartTable } from '../charts/ChartTable';
import { StackedBars } from '../charts/StackedBars';
import type { DeliveryStatisticsQuery, TimeBucket } from '../graphql/operations';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { statusColors } from '../layout/StatusBadge';

type Point = DeliveryStatisticsQuery['deliveryStatistics']['points'][number];

const series = [
  { name: 'accepted', label: 'Accepted', color: `${statusColors.ACCEPTED}-6` },
  { name: 'gone', label: 'Gone', color: `${statusColors.GONE}-5` },
  { name: 'rejected', label: 'Rejected', color: `${statusColors.REJECTED}-6` },
  { name: 'expired', label: 'Expired', color: `${statusColors.EXPIRED}-6` },
  { name: 'exhausted', label: 'Exhausted', color: `${statusColors.EXHAUSTED}-6` },
  { name: 'cancelled', label: 'Cancelled', color: `${statusColors.CANCELLED}-7` },
] as const;

/** What became of the deliveries, hour by hour or day by day. */
export function DeliveriesPanel(props: {
  query: UseQueryResult<DeliveryStatisticsQuery, Error>;
  bucket: TimeBucket;
  mayCompose: boolean;
}): ReactNode {
  const words = new Intl.DateTimeFormat(
    undefined,
    props.bucket === 'HOUR'
      ? { hour: '2-digit', minute: '2-digit' }
      : { month: 'short', day: 'numeric', timeZone: 'UTC' },
  );
  return (
    <Panel title="Deliveries over time">
      <QueryView
        query={props.query}
        height={300}
        empty={(data) => isEmpty(data) && noDeliveries(props.mayCompose)}
      >
        {({ deliveryStatistics: { points } }) => {
          const rows = points.map((point) => ({ ...point, time: words.format(new Date(point.at)) }));
          return (
            <>
              <StackedBars
                name="Deliveries over time"
                height={260}
                labels={rows.map((row) => row.time)}
                series={series.map(({ name, label, color }) => ({
                  label,
                  color: `var(--mantine-color-${color})`,
                  values: points.map((point) => point[name]),
                }))}
              />
              <ChartTable
                caption="Deliveries over time"
                columns={['Time', 'Notifications', ...series.map(({ label }) => label)]}
                rows={rows.map((row) => [
                  row.time,
                  row.notifications,
                  ...series.map(({ name }) => row[name]),
                ])}
              />
            </>
          );
        }}
      </QueryView>
    </Panel>
  );
}

function isEmpty({ deliveryStatistics }: DeliveryStatisticsQuery): boolean {
  const count = (point: Point) =>
    point.notifications + series.reduce((sum, { name }) => sum + point[name], 0);
  return deliveryStatistics.points.every((point) => count(point) === 0);
}

function noDeliveries(mayCompose: boolean): ReactNode {
  return (
    <Nothing title="Nothing was sent in this period">
      {mayCompose && (
        <Anchor component={Link} to="/compose" size="sm" underline="always">
          Compose a notification
        </Anchor>
      )}
    </Nothing>
  );
}
