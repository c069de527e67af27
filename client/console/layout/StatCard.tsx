import { Card, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** One number with its name, and what puts it into proportion. */
export function StatCard(props: { label: string; value: ReactNode; note?: ReactNode }): ReactNode {
  return (
    <Card withBorder padding="md">
      <Text size="sm" c="dimmed">
        {props.label}
      </Text>
      <Text className="figure" fz={28} fw={680} lh={1.25}>
        {props.value}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {props.note}
      </Text>
    </Card>
  );
}
