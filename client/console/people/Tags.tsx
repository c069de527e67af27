import { Badge, Group } from '@mantine/core';
import type { ReactNode } from 'react';

/** The tags of a browser; a long one is cut. */
export function Tags({ tags }: { tags: readonly string[] }): ReactNode {
  return (
    <Group gap={4}>
      {tags.map((tag) => (
        <Badge key={tag} variant="default" size="sm" title={tag} className="tag">
          {tag}
        </Badge>
      ))}
    </Group>
  );
}
