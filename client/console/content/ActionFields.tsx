import { Button, CloseButton, Fieldset, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ActionDraft } from './contentDraft';
import { type ActionFault, actionFault } from './contentFaults';
import { addressProps } from './contentField';

/** Browsers show no more than two. */
const maxActions = 2;
/** As long as the API takes a name. */
const maxNameLength = 64;

/** The buttons on a notification: what they say, where they lead. */
export function ActionFields(props: {
  actions: readonly ActionDraft[];
  onChange: (actions: ActionDraft[]) => void;
}): ReactNode {
  const { actions, onChange } = props;
  return (
    <Stack gap="xs">
      {actions.map((action, index) => (
        <OneAction
          // biome-ignore lint/suspicious/noArrayIndexKey: buttons have no name but their place
          key={index}
          number={index + 1}
          action={action}
          fault={actionFault(action, actions) ?? {}}
          onChange={(part) =>
            onChange(actions.map((each, at) => (at === index ? { ...each, ...part } : each)))
          }
          onRemove={() => onChange(actions.filter((_, at) => at !== index))}
        />
      ))}
      {actions.length < maxActions && (
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          onClick={() => onChange([...actions, { title: '', navigate: '', icon: '', action: '' }])}
        >
          Add a button
        </Button>
      )}
    </Stack>
  );
}

function OneAction(props: {
  number: number;
  action: ActionDraft;
  fault: ActionFault;
  onChange: (part: Partial<ActionDraft>) => void;
  onRemove: () => void;
}): ReactNode {
  const { number, action, fault, onChange, onRemove } = props;
  const text = (name: keyof ActionDraft) => ({
    value: action[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <Fieldset legend={`Button ${number}`} className="button-fields">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Title"
          aria-label={`Button ${number} title`}
          error={fault.title}
          {...text('title')}
        />
        <TextInput
          label="Opens"
          aria-label={`Button ${number} opens`}
          {...addressProps(action.navigate)}
          {...text('navigate')}
        />
        <TextInput
          label="Icon"
          aria-label={`Button ${number} icon`}
          description="Few systems show it"
          {...addressProps(action.icon)}
          {...text('icon')}
        />
        <TextInput
          label="Name"
          aria-label={`Button ${number} name`}
          description="What the page is told was clicked"
          placeholder={`action-${number}`}
          maxLength={maxNameLength}
          error={fault.action}
          {...text('action')}
        />
      </SimpleGrid>
      <CloseButton
        className="button-remove"
        size="lg"
        aria-label={`Remove button ${number}`}
        onClick={onRemove}
      />
    </Fieldset>
  );
}
