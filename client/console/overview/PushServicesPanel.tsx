import { Badge, Button, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type GateState, type HealthQuery, ResumePushServiceDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { Panel } from '../layout/Panel';
import { Nothing, QueryFault, QueryView } from '../layout/QueryView';
import { useConfirm } from '../layout/useConfirm';
import { inFull, pushServiceLabel } from '../layout/words';
import { useSession } from '../session/session';

type PushService = HealthQuery['pushServiceHealth'][number];

const states: Record<GateState, { label: string; color: string }> = {
  CLOSED: { label: 'passing', color: 'teal' },
  HALF_OPEN: { label: 'probing', color: 'yellow' },
  OPEN: { label: 'paused', color: 'red' },
};

/** Breaker, pace and pauses of each push service, as the workers see them. */
export function PushServicesPanel({ query }: { query: UseQueryResult<HealthQuery, Error> }): ReactNode {
  return (
    <Panel title="Health of the push services" aside={<LiveNote />}>
      <QueryView query={query} empty={({ pushServiceHealth }) => pushServiceHealth.length === 0 && quiet}>
        {({ pushServiceHealth }) => (
          <DataTable
            label="Health of the push services, in a table"
            columns={columns}
            rows={pushServiceHealth}
            rowKey={({ pushService }) => pushService}
            minWidth={460}
          />
        )}
      </QueryView>
    </Panel>
  );
}

const columns: Columns<PushService> = [
  { header: 'Push service', cell: ({ pushService }) => pushServiceLabel(pushService) },
  { header: 'Breaker', cell: (service) => <Breaker service={service} />, inCard: 'beside' },
  { header: 'Per minute', cell: ({ attemptsPerMinute }) => volume(attemptsPerMinute), kind: 'number' },
  {
    header: 'Under way / limit',
    cell: ({ underWay, limit }) => `${volume(underWay)} / ${volume(limit)}`,
    kind: 'number',
  },
  { header: 'Waiting', cell: ({ waiting }) => volume(waiting), kind: 'number' },
];

function Breaker({ service }: { service: PushService }): ReactNode {
  const { isPlatformAdmin } = useSession();
  const { state, pausedUntil, throttledUntil } = service;
  const { label, color } = states[state];
  return (
    <>
      <Badge variant="default" size="sm">
        <span className="status-dot" style={{ backgroundColor: `var(--mantine-color-${color}-6)` }} />
        {label}
      </Badge>
      {pausedUntil && (
        <Text size="xs" c="dimmed">
          resumes <Moment at={pausedUntil} />
        </Text>
      )}
      {throttledUntil && (
        <Text size="xs" c="dimmed">
          throttled, resumes <Moment at={throttledUntil} />
        </Text>
      )}
      {isPlatformAdmin && (pausedUntil || throttledUntil) && <EndPause pushService={service.pushService} />}
    </>
  );
}

function EndPause({ pushService }: { pushService: string }): ReactNode {
  const resume = useApiMutation(ResumePushServiceDocument);
  const { ask, dialog } = useConfirm({
    title: `Send to ${pushServiceLabel(pushService)} again?`,
    text: 'Everything that waits is tried again within seconds, in all applications. A push service that still refuses is paused again. Single messages test it anyway while it is paused: after a minute, then less and less often.',
    act: 'End the pause',
    onConfirm: () => resume.mutate({ pushService }),
  });
  return (
    <>
      {dialog}
      {resume.error && <QueryFault error={resume.error} />}
      <Button size="compact-xs" variant="default" mt={4} onClick={ask} loading={resume.isPending}>
        Resume now
      </Button>
    </>
  );
}

/** Only admins of the installation are told how much all applications send. */
function volume(count: number | null): string {
  return count === null ? '–' : inFull(count);
}

function LiveNote(): ReactNode {
  return (
    <Text size="xs" c="dimmed">
      live
    </Text>
  );
}

const quiet = (
  <Nothing title="No push service was met yet">
    Workers report here as soon as they have sent something; after a restart, too.
  </Nothing>
);
