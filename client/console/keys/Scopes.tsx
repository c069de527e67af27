import { Badge, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** What a key may do; a publishable one has no scopes. */
export function Scopes({ scopes }: { scopes: readonly string[] }): ReactNode {
  if (scopes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        subscribe only
      </Text>
    );
  }
  return (
    <Group gap={4}>
      {scopes.map((scope) => (
        <Badge key={scope} variant="default" size="sm">
          {scope}
        </Badge>
      ))}
    </Group>
  );
}
