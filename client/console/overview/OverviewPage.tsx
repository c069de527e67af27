import { SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import {
  DeliveryStatisticsDocument,
  HealthDocument,
  SubscriptionStatisticsDocument,
} from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageHeader } from '../layout/PageHeader';
import { useSession } from '../session/session';
import { DeliveriesPanel } from './DeliveriesPanel';
import { OverviewFigures } from './OverviewFigures';
import { PushServicesPanel } from './PushServicesPanel';
import { QueuesPanel } from './QueuesPanel';
import { ReasonsPanel } from './ReasonsPanel';
import { SubscriptionAlarm } from './SubscriptionAlarm';
import { SubscriptionsPanel } from './SubscriptionsPanel';

const periods = {
  day: { label: '24 hours', points: 24, bucket: 'HOUR', days: 7 },
  fortnight: { label: '14 days', points: 14, bucket: 'DAY', days: 14 },
  quarter: { label: '90 days', points: 90, bucket: 'DAY', days: 90 },
} as const;

type PeriodName = keyof typeof periods;

/** How things stand: who can be reached, what was sent, and whether anything is stuck. */
export default function OverviewPage(): ReactNode {
  const { may } = useSession();
  const [name, setName] = useState<PeriodName>('fortnight');
  const { points, bucket, days, label } = periods[name];
  const deliveries = useApiQuery(
    DeliveryStatisticsDocument,
    { points, bucket },
    { refreshMs: 5_000, enabled: may('notifications:read'), keepPrevious: true },
  );
  const subscriptions = useApiQuery(
    SubscriptionStatisticsDocument,
    { days },
    { refreshMs: 15_000, enabled: may('subscriptions:read'), keepPrevious: true },
  );
  const health = useApiQuery(HealthDocument, {}, { refreshMs: 2_000, enabled: may('admin') });
  return (
    <>
      <PageHeader title="Overview" about={`The last ${label}`}>
        <SegmentedControl
          aria-label="Period"
          value={name}
          onChange={(value) => setName(value as PeriodName)}
          data={Object.entries(periods).map(([value, period]) => ({ value, label: period.label }))}
        />
      </PageHeader>
      <Stack>
        <SubscriptionAlarm />
        <OverviewFigures deliveries={deliveries} subscriptions={subscriptions} health={health} />
        {may('notifications:read') && (
          <DeliveriesPanel query={deliveries} bucket={bucket} mayCompose={may('notifications:send')} />
        )}
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          {may('subscriptions:read') && <SubscriptionsPanel query={subscriptions} />}
          {may('notifications:read') && <ReasonsPanel query={deliveries} />}
        </SimpleGrid>
        {may('admin') && (
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <PushServicesPanel query={health} />
            <QueuesPanel query={health} />
          </SimpleGrid>
        )}
      </Stack>
    </>
  );
}
