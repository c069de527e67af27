import { Anchor, Card, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { PushSubscriptionListDocument, type PushSubscriptionListQuery } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { PageButtons } from '../layout/PageButtons';
import { PageHeader } from '../layout/PageHeader';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { UserIdForm } from '../layout/UserIdForm';
import { usePages } from '../layout/usePages';
import { pushServiceLabel } from '../layout/words';
import { Tags } from './Tags';

type Device = PushSubscriptionListQuery['pushSubscriptions']['edges'][number]['node'];

/** Finds a person by its user id, and browsers by their tag. */
export default function PeoplePage(): ReactNode {
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [tag] = useDebouncedValue(typed.trim(), 250);
  const pages = usePages();
  const query = useApiQuery(
    PushSubscriptionListDocument,
    { first: 20, after: pages.after, tag: tag || null },
    { keepPrevious: true },
  );
  return (
    <>
      <PageHeader title="People and devices" about="Who can be reached, and on what" />
      <Card withBorder mb="md">
        <UserIdForm
          label="User id"
          description="In the words of your own application"
          act="Find"
          onUserId={(userId) => navigate(`/people/${encodeURIComponent(userId)}`)}
        />
      </Card>
      <Panel
        title="Browsers that can be reached"
        aside={
          <TextInput
            aria-label="Only with this tag"
            placeholder="with this tag"
            size="xs"
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              pages.reset();
            }}
          />
        }
      >
        <QueryView
          query={query}
          height={300}
          empty={({ pushSubscriptions }) =>
            pushSubscriptions.edges.length === 0 && (
              <Nothing title="No browsers here">
                {tag ? 'None carries this tag.' : 'None has subscribed yet.'}
              </Nothing>
            )
          }
        >
          {({ pushSubscriptions }) => (
            <>
              <DataTable
                label="Browsers, in a table"
                columns={columns}
                rows={pushSubscriptions.edges.map(({ node }) => node)}
                rowKey={({ id }) => id}
                minWidth={560}
              />
              <PageButtons
                pages={pages}
                pageInfo={pushSubscriptions.pageInfo}
                isWaiting={query.isPlaceholderData}
              />
            </>
          )}
        </QueryView>
      </Panel>
    </>
  );
}

const columns: Columns<Device> = [
  {
    header: 'User',
    cell: ({ userId }) =>
      userId ? (
        <Anchor component={Link} to={`/people/${encodeURIComponent(userId)}`} size="sm" className="breakable">
          {userId}
        </Anchor>
      ) : (
        <Text size="sm" c="dimmed">
          nobody in particular
        </Text>
      ),
  },
  { header: 'Push service', cell: ({ pushService }) => pushServiceLabel(pushService), inCard: 'beside' },
  {
    header: 'Tags',
    cell: ({ tags }) => (tags.length === 0 ? null : <Tags tags={tags} />),
    inCard: 'whole',
  },
  { header: 'Since', cell: ({ createdAt }) => <Moment at={createdAt} /> },
  { header: 'Last seen', cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} /> },
];
