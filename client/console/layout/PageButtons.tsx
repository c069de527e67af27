import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Pages } from './usePages';

/** Back and forth; nothing when there is one page only. While another page is on its way there is no next one to know. */
export function PageButtons(props: {
  pages: Pages;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  /** What is shown is still the page before. */
  isWaiting: boolean;
}): ReactNode {
  const { pages, pageInfo, isWaiting } = props;
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
        disabled={!isWaiting && !pageInfo.hasNextPage}
        // a button that is disabled for a moment would lose the keyboard
        aria-disabled={isWaiting || undefined}
        onClick={() => isWaiting || pages.next(pageInfo.endCursor)}
      >
        Next
      </Button>
    </Group>
  );
}
