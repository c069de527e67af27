import { Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { NotificationPageQuery } from '../graphql/operations';
import { Panel } from '../layout/Panel';
import { statusColors } from '../layout/StatusBadge';
import { asShare, inFull } from '../layout/words';

type NotificationProgress = NonNullable<NotificationPageQuery['notification']>['progress'];

const rest = ['pending', 'gone', 'rejected', 'expired', 'exhausted', 'cancelled'] as const;

/** targeted → accepted → displayed → clicked; what was not accepted stands beside it, so that the sum can be seen. */
export function FunnelPanel({ progress }: { progress: NotificationProgress }): ReactNode {
  const { targeted, accepted, displayed, clicked } = progress;
  const missing = rest.filter((name) => progress[name] > 0);
  return (
    <Panel title="Progress">
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="lg">
        <Step
          label="Targeted"
          count={targeted}
          share={ratio(targeted, targeted)}
          note="browsers"
          color="gray"
        />
        <Step
          label="Accepted"
          count={accepted}
          share={ratio(accepted, targeted)}
          note={`${asShare(accepted, targeted)} of targeted`}
          color={statusColors.ACCEPTED}
        />
        <Step
          label="Displayed"
          count={displayed}
          share={ratio(displayed, targeted)}
          note={`${asShare(displayed, accepted)} of accepted`}
          color={statusColors.DISPLAYED}
        />
        <Step
          label="Clicked"
          count={clicked}
          share={ratio(clicked, targeted)}
          note={`${asShare(clicked, displayed)} of displayed`}
          color={statusColors.CLICKED}
        />
      </SimpleGrid>
      <Progress.Root size="xl" mt="lg" radius="sm" aria-hidden="true">
        <Progress.Section value={100 * ratio(accepted, targeted)} color={`${statusColors.ACCEPTED}.6`} />
        {missing.map((name) => (
          <Progress.Section
            key={name}
            value={100 * ratio(progress[name], targeted)}
            color={`${colorOf(name)}.6`}
            className={name === 'pending' ? 'striped' : ''}
          />
        ))}
      </Progress.Root>
      <Group gap="md" mt="sm" data-testid="sum">
        <Term label="accepted" count={accepted} color={statusColors.ACCEPTED} />
        {missing.map((name) => (
          <Term key={name} label={name} count={progress[name]} color={colorOf(name)} />
        ))}
        <Text size="sm" c="dimmed">
          = {inFull(targeted)} targeted
          {progress.dismissed > 0 && ` · ${inFull(progress.dismissed)} dismissed`}
        </Text>
      </Group>
    </Panel>
  );
}

function Step(props: {
  label: string;
  count: number;
  share: number;
  note: string;
  color: string;
}): ReactNode {
  return (
    <Stack gap={2}>
      <Text size="sm" c="dimmed">
        {props.label}
      </Text>
      <Text className="figure" fz={26} fw={680} lh={1.2}>
        {inFull(props.count)}
      </Text>
      <Progress
        value={100 * props.share}
        size="sm"
        color={`${props.color}.6`}
        aria-label={`${props.label}: ${props.note}`}
      />
      <Text size="xs" c="dimmed">
        {props.note}
      </Text>
    </Stack>
  );
}

function Term(props: { label: string; count: number; color: string }): ReactNode {
  return (
    <Text size="sm" component="span">
      <span className="status-dot" style={{ backgroundColor: `var(--mantine-color-${props.color}-6)` }} />
      {inFull(props.count)} {props.label}
    </Text>
  );
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function colorOf(name: (typeof rest)[number]): string {
  return statusColors[name.toUpperCase() as Uppercase<typeof name>];
}
