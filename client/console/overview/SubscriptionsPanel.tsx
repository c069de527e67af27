import { AreaChart } from '@mantine/charts';
import { Group, Progress, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { SubscriptionStatisticsQuery } from '../graphql/operations';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { asShare, inFull, inShort, pushServiceLabel } from '../layout/words';
import { ChartTable } from './ChartTable';

const days = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** Who can be reached: growth day by day, and the share of each push service. */
export function SubscriptionsPanel(props: {
  query: UseQueryResult<SubscriptionStatisticsQuery, Error>;
}): ReactNode {
  return (
    <Panel title="Push subscriptions">
      <QueryView
        query={props.query}
        height={260}
        empty={({ subscriptionStatistics: { live } }) => live === 0 && nobody}
      >
        {({ subscriptionStatistics: { live, byPushService, days: points } }) => (
          <Stack gap="md">
            <Growth points={points} />
            <Stack gap={8}>
              {byPushService.map((each) => (
                <div key={each.pushService}>
                  <Group justify="space-between" gap="xs">
                    <Text size="sm">{pushServiceLabel(each.pushService)}</Text>
                    <Text size="sm" c="dimmed" className="figure">
                      {inFull(each.live)} · {asShare(each.live, live)}
                    </Text>
                  </Group>
                  <Progress
                    value={(100 * each.live) / live}
                    size="sm"
                    color="teal.6"
                    aria-label={`${pushServiceLabel(each.pushService)}: ${asShare(each.live, live)}`}
                  />
                </div>
              ))}
            </Stack>
          </Stack>
        )}
      </QueryView>
    </Panel>
  );
}

const nobody = (
  <Nothing title="Nobody has subscribed yet">
    Open the demo page, or put the SDK into your own: one click subscribes a browser.
  </Nothing>
);

function Growth({
  points,
}: {
  points: SubscriptionStatisticsQuery['subscriptionStatistics']['days'];
}): ReactNode {
  const rows = points.map((point) => ({ ...point, day: days.format(new Date(point.at)) }));
  const lowest = Math.min(...points.map((point) => point.live));
  return (
    <>
      <div aria-hidden="true">
        <AreaChart
          h={150}
          data={rows}
          dataKey="day"
          series={[{ name: 'live', label: 'Can be reached', color: 'teal.6' }]}
          curveType="monotone"
          withDots={false}
          gridAxis="none"
          tickLine="none"
          valueFormatter={inShort}
          yAxisProps={{ domain: [Math.floor(lowest * 0.95), 'auto'], width: 44 }}
          areaProps={{ isAnimationActive: false }}
        />
      </div>
      <ChartTable
        caption="Push subscriptions, day by day"
        columns={['Day', 'New', 'Ended', 'Can be reached']}
        rows={rows.map((row) => [row.day, row.created, row.retired, row.live])}
      />
    </>
  );
}
