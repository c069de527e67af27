import { Group, Progress, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { AreaLine } from '../charts/AreaLine';
import { ChartTable } from '../charts/ChartTable';
import type { SubscriptionStatisticsQuery } from '../graphql/operations';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { asShare, inFull, pushServiceLabel } from '../layout/words';

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
  return (
    <>
      <AreaLine
        name="Push subscriptions, day by day"
        height={210}
        labels={rows.map((row) => row.day)}
        values={points.map((point) => point.live)}
        color="var(--mantine-color-teal-6)"
        tell={(index) => [
          { label: 'Can be reached', value: points[index]?.live ?? 0 },
          { label: 'New', value: points[index]?.created ?? 0 },
          { label: 'Ended', value: points[index]?.retired ?? 0 },
        ]}
      />
      <ChartTable
        caption="Push subscriptions, day by day"
        columns={['Day', 'New', 'Ended', 'Can be reached']}
        rows={rows.map((row) => [row.day, row.created, row.retired, row.live])}
      />
    </>
  );
}
