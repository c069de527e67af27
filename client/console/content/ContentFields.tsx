import { SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { ActionFields } from './ActionFields';
import { addressField, type ContentFieldsProps, textField } from './contentField';
import { MoreFields } from './MoreFields';

/** What people will see: every field of a notification's content. */
export function ContentFields({ draft, change }: ContentFieldsProps): ReactNode {
  const text = textField(draft, change);
  const address = addressField(draft, change);
  return (
    <Stack>
      <TextInput label="Title" withAsterisk placeholder="What it is about" {...text('title')} />
      <Textarea label="Body" autosize minRows={2} maxRows={8} {...text('body')} />
      <TextInput label="Opens" description="Where a click leads" {...address('navigate')} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label="Icon" description="A small square beside the text" {...address('icon')} />
        <TextInput label="Image" description="A large one, twice as wide as high" {...address('image')} />
      </SimpleGrid>
      <ActionFields actions={draft.actions} onChange={(actions) => change({ actions })} />
      <MoreFields draft={draft} change={change} />
    </Stack>
  );
}
