import { Card, Group, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A part of a page under its own heading; `aside` stands at the heading's end. */
export function Panel(props: { title: string; aside?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <Card withBorder padding="md" component="section" aria-label={props.title}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} size="h5">
          {props.title}
        </Title>
        {props.aside}
      </Group>
      {props.children}
    </Card>
  );
}
