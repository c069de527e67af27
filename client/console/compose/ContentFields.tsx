import {
  Accordion,
  Button,
  CloseButton,
  Group,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { ReactNode } from 'react';
import { Panel } from '../layout/Panel';
import { type ChangeDraft, type Draft, type DraftAction, readData } from './draft';

/** Browsers show no more than two. */
const maxActions = 2;
/** More is no GraphQL Int. */
const maxAppBadge = 2_147_483_647;

/** What people will see. */
export function ContentFields({ draft, change }: { draft: Draft; change: ChangeDraft }): ReactNode {
  const text = (name: 'title' | 'body' | 'navigate' | 'icon' | 'image' | 'badge' | 'tag') => ({
    value: draft[name],
    onChange: (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value }),
  });
  return (
    <Panel title="Content">
      <Stack>
        <TextInput label="Title" withAsterisk placeholder="What it is about" {...text('title')} />
        <Textarea label="Body" autosize minRows={2} maxRows={8} {...text('body')} />
        <TextInput
          label="Opens"
          description="Where a click leads"
          placeholder="https://…"
          type="url"
          {...text('navigate')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label="Icon" placeholder="https://…" type="url" {...text('icon')} />
          <TextInput label="Image" placeholder="https://…" type="url" {...text('image')} />
        </SimpleGrid>
        <ActionFields actions={draft.actions} onChange={(actions) => change({ actions })} />
        <Accordion variant="separated" chevronPosition="left">
          <Accordion.Item value="more">
            <Accordion.Control>More</Accordion.Control>
            <Accordion.Panel>
              <Stack>
                <SimpleGrid cols={{ base: 1, sm: 2 }}>
                  <TextInput
                    label="Badge"
                    description="One-coloured, for Android's status bar"
                    placeholder="https://…"
                    type="url"
                    {...text('badge')}
                  />
                  <NumberInput
                    label="Number on the app"
                    description="0 takes it away"
                    placeholder="as it is"
                    min={0}
                    max={maxAppBadge}
                    allowDecimal={false}
                    value={draft.appBadge}
                    onChange={(value) => change({ appBadge: String(value) })}
                  />
                </SimpleGrid>
                <TextInput
                  label="Tag"
                  description="A shown notification with the same tag is replaced"
                  {...text('tag')}
                />
                <Textarea
                  label="Data"
                  description="A JSON object for the page: notification.data"
                  placeholder={'{ "orderId": 42 }'}
                  autosize
                  value={draft.data}
                  onChange={(event) => change({ data: event.currentTarget.value })}
                  error={readData(draft.data) === null && 'This is no JSON object'}
                />
                <Switch
                  label="Stays until the person acts"
                  checked={draft.requireInteraction}
                  onChange={(event) => change({ requireInteraction: event.currentTarget.checked })}
                />
                <Switch
                  label="Silent: no sound, no vibration"
                  checked={draft.silent}
                  onChange={(event) => change({ silent: event.currentTarget.checked })}
                />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
      </Stack>
    </Panel>
  );
}

function ActionFields(props: {
  actions: readonly DraftAction[];
  onChange: (actions: DraftAction[]) => void;
}): ReactNode {
  const { actions, onChange } = props;
  const put = (index: number, part: Partial<DraftAction>) =>
    onChange(actions.map((action, at) => (at === index ? { ...action, ...part } : action)));
  return (
    <Stack gap="xs">
      {actions.map((action, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: buttons have no name but their place
        <Group key={index} align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            label={`Button ${index + 1}`}
            value={action.title}
            onChange={(event) => put(index, { title: event.currentTarget.value })}
          />
          <TextInput
            flex={2}
            label="Opens"
            aria-label={`Button ${index + 1} opens`}
            placeholder="https://…"
            type="url"
            value={action.navigate}
            onChange={(event) => put(index, { navigate: event.currentTarget.value })}
          />
          <CloseButton
            size="lg"
            aria-label={`Remove button ${index + 1}`}
            onClick={() => onChange(actions.filter((_, at) => at !== index))}
          />
        </Group>
      ))}
      {actions.length < maxActions && (
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          onClick={() => onChange([...actions, { title: '', navigate: '' }])}
        >
          Add a button
        </Button>
      )}
    </Stack>
  );
}
