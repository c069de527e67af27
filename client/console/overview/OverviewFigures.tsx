import { SimpleGrid, Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type {
  DeliveryStatisticsQuery,
  HealthQuery,
  SubscriptionStatisticsQuery,
} from '../graphql/operations';
import { StatCard } from '../layout/StatCard';
import { asShare, inFull, inShort } from '../layout/words';

interface Figures {
  readonly deliveries: UseQueryResult<DeliveryStatisticsQuery, Error>;
  readonly subscriptions: UseQueryResult<SubscriptionStatisticsQuery, Error>;
  readonly health: UseQueryResult<HealthQuery, Error>;
}

/** The numbers one looks for first; those that the key may not see are left out. */
export function OverviewFigures({ deliveries, subscriptions, health }: Figures): ReactNode {
  const sums = deliveries.data && sumsOf(deliveries.data);
  const asked = [deliveries, subscriptions, health].filter(
    (query) => query.fetchStatus !== 'idle' || query.data,
  );
  if (!asked.some((query) => query.data)) {
    return asked.some((query) => query.isPending) && <Skeleton height={96} radius="md" />;
  }
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      {subscriptions.data && <ReachCard statistics={subscriptions.data.subscriptionStatistics} />}
      {sums && (
        <StatCard
          label="Notifications"
          value={inShort(sums.notifications)}
          note={`${inShort(sums.settled)} deliveries settled`}
        />
      )}
      {sums && (
        <StatCard
          label="Accepted"
          value={asShare(sums.accepted, sums.settled)}
          note={`${inShort(sums.accepted)} taken by push services`}
        />
      )}
      {health.data && <RateCard health={health.data} />}
    </SimpleGrid>
  );
}

function ReachCard(props: { statistics: SubscriptionStatisticsQuery['subscriptionStatistics'] }): ReactNode {
  const { live, days } = props.statistics;
  const grown = days.reduce((sum, day) => sum + day.created - day.retired, 0);
  return (
    <StatCard
      label="Can be reached"
      value={inShort(live)}
      note={`${grown < 0 ? '−' : '+'}${inFull(Math.abs(grown))} browsers in ${days.length} days`}
    />
  );
}

function RateCard({ health }: { health: HealthQuery }): ReactNode {
  const services = health.pushServiceHealth;
  // the volume of all applications is told to admins of the installation only
  if (services.some((service) => service.attemptsPerMinute === null)) return null;
  const rate = services.reduce((sum, service) => sum + (service.attemptsPerMinute ?? 0), 0);
  const underWay = services.reduce((sum, service) => sum + (service.underWay ?? 0), 0);
  return (
    <StatCard
      label="Rate now"
      value={`${inShort(rate)}/min`}
      note={underWay === 0 ? 'nothing under way' : `${inFull(underWay)} under way`}
    />
  );
}

function sumsOf({ deliveryStatistics: { points } }: DeliveryStatisticsQuery) {
  const sum = (read: (point: (typeof points)[number]) => number) =>
    points.reduce((total, point) => total + read(point), 0);
  const accepted = sum((point) => point.accepted);
  const failed = sum(
    (point) => point.gone + point.rejected + point.expired + point.exhausted + point.cancelled,
  );
  return { notifications: sum((point) => point.notifications), accepted, settled: accepted + failed };
}
