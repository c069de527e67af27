import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { PageHeader } from '../layout/PageHeader';

/** The GraphQL playground, signed in with this tab's key; it is loaded when this page is opened. */
export default function PlaygroundPage(): ReactNode {
  return (
    <>
      <PageHeader title="Playground" about="Ask the API yourself, with the key you signed in with">
        <Button component="a" href="/playground/" target="_blank" rel="opener" variant="default">
          Open in a tab of its own
        </Button>
      </PageHeader>
      <iframe className="playground-frame" src="/playground/" title="GraphQL playground" />
    </>
  );
}
