import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Pages } from './usePages';

/** Back and forth; nothing when there is one page only. */
export function PageButtons(props: {
  pages: Pages;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}): ReactNode {
  const { pages, pageInfo } = props;
  if (pages.number === 1 && !pageInfo.hasNextPage) return null;
  return (
    <Group justify="flex-end" gap="sm" mt="sm">
      <Text size="sm" c="dimmed">
        Page {pages.number}
      </Text>
      <Button size="xs" variant="default" disabled={pages.number === 1} onClick={pages.back}>
        Back
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={!pageInfo.hasNextPage}
        onClick={() => pages.next(pageInfo.endCursor)}
      >
        Next
      </Button>
    </Group>
  );
}
