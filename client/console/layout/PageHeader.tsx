import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

/** The heading of a page, which also names the tab; `children` are the page's own acts. */
export function PageHeader(props: { title: string; about?: ReactNode; children?: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${props.title} · Fanfare`;
  }, [props.title]);
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="sm">
      <div>
        <Title order={1} size="h2" className="breakable" dir="auto">
          {props.title}
        </Title>
        {props.about && (
          <Text c="dimmed" size="sm" component="div">
            {props.about}
          </Text>
        )}
      </div>
      <Group gap="sm">{props.children}</Group>
    </Group>
  );
}
