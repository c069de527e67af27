import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { PlaygroundPathDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageHeader } from '../layout/PageHeader';
import { Nothing, QueryView } from '../layout/QueryView';
import { serverAddress } from '../serverAddress';

/**
 * The GraphQL playground, signed in with this tab's key. The server says where it is, and in production it is there for
 * admins only; it is loaded when this page is opened.
 */
export default function PlaygroundPage(): ReactNode {
  const query = useApiQuery(PlaygroundPathDocument, {});
  const path = query.data?.viewer.playgroundPath;
  return (
    <>
      <PageHeader title="Playground" about="Ask the API yourself, with the key you signed in with">
        {path && (
          <Button component="a" href={serverAddress(path)} target="_blank" rel="opener" variant="default">
            Open in a tab of its own
          </Button>
        )}
      </PageHeader>
      <QueryView query={query} empty={({ viewer }) => viewer.playgroundPath === null && forAdmins}>
        {({ viewer }) => <Frame path={viewer.playgroundPath ?? ''} />}
      </QueryView>
    </>
  );
}

/** Stays where it was loaded: each answer has a pass of its own, and another address would lose what was typed. */
function Frame({ path }: { path: string }): ReactNode {
  const [first] = useState(path);
  return <iframe className="playground-frame" src={serverAddress(first)} title="GraphQL playground" />;
}

const forAdmins = (
  <Nothing title="The playground is for admins">
    It shows the whole schema, so in production this server opens it to keys with the scope admin only.
  </Nothing>
);
