import { Button, Card, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import {
  type DeliveryHistoryQuery,
  type PersonQuery,
  RetirePushSubscriptionDocument,
} from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { Facts } from '../layout/Facts';
import { Moment } from '../layout/Moment';
import { QueryFault } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { useConfirm } from '../layout/useConfirm';
import { pushServiceLabel } from '../layout/words';
import { useSession } from '../session/session';
import { Tags } from './Tags';
import { whyNotReached } from './whyNotReached';

type Device = NonNullable<PersonQuery['person']>['devices'][number];
type Delivery = DeliveryHistoryQuery['deliveryHistory'][number]['delivery'];

/** One browser: whether it can be reached, when it last was, and why not. `deliveries` are newest first. */
export function DeviceCard({
  device,
  deliveries,
}: {
  device: Device;
  deliveries: readonly Delivery[];
}): ReactNode {
  const why = whyNotReached(device, deliveries);
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
          [
            'Last accepted',
            <Moment key="accepted" at={latest(deliveries, 'acceptedAt')} never="not lately" />,
          ],
          [
            'Last displayed',
            <Moment key="displayed" at={latest(deliveries, 'displayedAt')} never="not lately" />,
          ],
          ['Last clicked', <Moment key="clicked" at={latest(deliveries, 'clickedAt')} never="not lately" />],
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

function latest(
  deliveries: readonly Delivery[],
  name: 'acceptedAt' | 'displayedAt' | 'clickedAt',
): string | null {
  return deliveries.find((delivery) => delivery[name] !== null)?.[name] ?? null;
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
