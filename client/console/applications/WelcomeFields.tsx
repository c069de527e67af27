import { Fieldset, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { WelcomeDraft } from './welcome';

/** What a browser is sent when it subscribes. */
export function WelcomeFields(props: {
  welcome: WelcomeDraft;
  onChange: (welcome: WelcomeDraft) => void;
}): ReactNode {
  const { welcome, onChange } = props;
  const text = (name: 'title' | 'body' | 'navigate' | 'icon') => ({
    value: welcome[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...welcome, [name]: event.currentTarget.value }),
  });
  const others = Object.keys(welcome.others);
  return (
    <Fieldset legend="Welcome: what a browser is sent to verify it">
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Welcome: title"
            description="Without one, nothing is sent"
            placeholder="nothing is sent"
            {...text('title')}
          />
          <Textarea label="Welcome: body" description="Below the title" autosize {...text('body')} />
          <TextInput
            label="Welcome: opens"
            description="Where a click leads"
            placeholder="https://…"
            type="url"
            {...text('navigate')}
          />
          <TextInput
            label="Welcome: icon"
            description="A small image"
            placeholder="https://…"
            type="url"
            {...text('icon')}
          />
        </SimpleGrid>
        {others.length > 0 && (
          <Text size="xs" c="dimmed">
            Set through the API, and kept: {others.join(', ')}
          </Text>
        )}
      </Stack>
    </Fieldset>
  );
}
