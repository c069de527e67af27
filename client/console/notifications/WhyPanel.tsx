import { Anchor, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { ExplainDeliveryDocument, type ExplainDeliveryQuery } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { reasonInWords } from '../layout/reasons';
import { UserIdForm } from '../layout/UserIdForm';
import { pushServiceLabel } from '../layout/words';
import { useSession } from '../session/session';
import { reachWords } from './reachWords';

type Explanation = NonNullable<ExplainDeliveryQuery['explainDelivery']>;
type Browser = Explanation['browsers'][number];

/** Looks somebody up and says why this notification did or did not reach them. */
export function WhyPanel({ notificationId }: { notificationId: string }): ReactNode {
  const [userId, setUserId] = useState<string>();
  return (
    <Panel title="Did it reach somebody?">
      <UserIdForm
        label="User id to explain"
        description="Says what became of it at each of their browsers, also where nothing was sent"
        act="Explain"
        variant="default"
        onUserId={setUserId}
      />
      {userId !== undefined && <Answer notificationId={notificationId} userId={userId} />}
    </Panel>
  );
}

function Answer(asked: { notificationId: string; userId: string }): ReactNode {
  const query = useApiQuery(ExplainDeliveryDocument, asked, { refreshMs: 10_000 });
  return (
    <QueryView
      query={query}
      height={120}
      empty={({ explainDelivery }) =>
        !explainDelivery && <Nothing title="This notification is gone, or another key sent it" />
      }
    >
      {({ explainDelivery }) =>
        explainDelivery && <Explained userId={asked.userId} explanation={explainDelivery} />
      }
    </QueryView>
  );
}

function Explained({ userId, explanation }: { userId: string; explanation: Explanation }): ReactNode {
  const { may } = useSession();
  const { reason, browsers } = explanation;
  return (
    <Stack gap="xs" mt="md">
      <Text size="sm" fw={550} role="status">
        {may('subscriptions:read') && browsers.length > 0 ? (
          <Anchor component={Link} to={`/people/${encodeURIComponent(userId)}`} inherit className="breakable">
            {userId}
          </Anchor>
        ) : (
          <span className="breakable">{userId}</span>
        )}
        : {reachWords[reason].long}
      </Text>
      {browsers.length > 0 && (
        <DataTable
          label="What became of it at each browser, in a table"
          columns={columns}
          rows={browsers}
          rowKey={({ subscription }) => subscription.id}
          minWidth={560}
        />
      )}
    </Stack>
  );
}

const columns: Columns<Browser> = [
  { header: 'Browser at', cell: ({ subscription }) => pushServiceLabel(subscription.pushService) },
  { header: 'Reached', cell: ({ reason }) => reachWords[reason].short, inCard: 'beside' },
  { header: 'Why', cell: (browser) => <Why browser={browser} />, inCard: 'whole' },
  { header: 'Last seen', cell: ({ subscription }) => <Moment at={subscription.lastSeenAt} /> },
];

function Why({ browser: { reason, delivery } }: { browser: Browser }): ReactNode {
  const failed = ['EXHAUSTED', 'REJECTED', 'GONE', 'WAITS_TO_RETRY'].includes(reason);
  return (
    <Text size="sm">
      {reachWords[reason].long}
      {failed && delivery?.reason && ` ${reasonInWords(delivery.reason)}.`}
      {delivery?.nextAttemptAt && (
        <>
          {' Next: '}
          <Moment at={delivery.nextAttemptAt} />
        </>
      )}
    </Text>
  );
}
