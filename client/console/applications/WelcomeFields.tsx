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
    <Fieldset legend="Welcome">
      <Stack>
        <Text size="xs" c="dimmed">
          What a browser is sent when it subscribes; once shown, the browser is verified
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Title"
            description="Without one, nothing is sent"
            placeholder="nothing is sent"
            {...text('title')}
          />
          <Textarea label="Body" description="Below the title" autosize {...text('body')} />
          <TextInput
            label="Opens"
            description="Where a click leads"
            placeholder="https://…"
            type="url"
            {...text('navigate')}
          />
          <TextInput
            label="Icon"
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
