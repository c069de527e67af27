import { Button, Card, Group, Text, Title } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type PersonQuery, RetirePushSubscriptionDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { Facts } from '../layout/Facts';
import { Moment } from '../layout/Moment';
import { QueryFault } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { useConfirm } from '../layout/useConfirm';
import { pushServiceLabel } from '../layout/words';
import { useSession } from '../session/session';
import { lastReached } from './lastReached';
import { Tags } from './Tags';
import type { HistoryEntry } from './useHistory';
import { whyNotReached } from './whyNotReached';

type Device = NonNullable<PersonQuery['person']>['devices'][number];

interface DeviceCardProps {
  readonly device: Device;
  /** Of the whole person. */
  readonly history: UseInfiniteQueryResult<HistoryEntry[], Error>;
}

/** One browser: whether it can be reached, when it last was, and why not. */
export function DeviceCard({ device, history }: DeviceCardProps): ReactNode {
  const { may } = useSession();
  const deliveries = (history.data ?? [])
    .map(({ delivery }) => delivery)
    .filter(({ subscription }) => subscription?.id === device.id);
  const why = whyNotReached(device, deliveries);
  const last = (event: 'acceptedAt' | 'displayedAt' | 'clickedAt') =>
    may('notifications:read') && <Moment {...lastReached(history, device.id, event)} />;
  return (
    <Card withBorder component="section" aria-label={`Browser at ${pushServiceLabel(device.pushService)}`}>
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Title order={2} size="h5">
            {pushServiceLabel(device.pushService)}
          </Title>
          <StatusBadge status={device.retiredAt ? 'RETIRED' : 'LIVE'} />
        </Group>
        {!device.retiredAt && <RetireButton device={device} />}
      </Group>
      {why && (
        <Text size="sm" mb="xs" fw={550}>
          {why}
        </Text>
      )}
      <Facts
        facts={[
          ['Last seen', <Moment key="seen" at={device.lastSeenAt} />],
          ['Last accepted', last('acceptedAt')],
          ['Last displayed', last('displayedAt')],
          ['Last clicked', last('clickedAt')],
          ['Subscribed', <Moment key="created" at={device.createdAt} />],
          ['Ended', device.retiredAt && <Moment key="retired" at={device.retiredAt} />],
          ['Language', device.locale],
          ['Time zone', device.timeZone],
          ['Tags', device.tags.length > 0 && <Tags key="tags" tags={device.tags} />],
          ['Id', device.id],
        ]}
      />
    </Card>
  );
}

function RetireButton({ device }: { device: Device }): ReactNode {
  const { may } = useSession();
  const retire = useApiMutation(RetirePushSubscriptionDocument);
  const { ask, dialog } = useConfirm({
    title: 'Retire this browser?',
    text: 'It is not sent to any more. If its page still has the permission, it subscribes anew at its first visit after 24 hours, or earlier.',
    act: 'Retire it',
    dangerous: true,
    onConfirm: () => retire.mutate({ id: device.id }),
  });
  if (!may('subscriptions:write')) return null;
  return (
    <>
      {dialog}
      {retire.error && <QueryFault error={retire.error} />}
      <Button size="compact-xs" variant="subtle" color="red" onClick={ask} loading={retire.isPending}>
        Retire
      </Button>
    </>
  );
}
