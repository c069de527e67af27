import {
  Accordion,
  Fieldset,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { ReactNode } from 'react';
import { contentFaults } from './contentFaults';
import { addressField, type ContentFieldsProps, textField } from './contentField';
import { fieldsInUse } from './fieldsInUse';

/** More is no GraphQL Int. */
const maxAppBadge = 2_147_483_647;
const maxTagLength = 255;

/** The fields that few notifications need, folded away; what is in use, or wrong, is said while they are. */
export function MoreFields(props: ContentFieldsProps): ReactNode {
  const inUse = fieldsInUse(props.draft);
  const { actions: _, ...faults } = contentFaults(props.draft);
  const [fault] = Object.values(faults);
  return (
    <Accordion variant="separated" chevronPosition="left">
      <Accordion.Item value="more">
        <Accordion.Control>
          More
          <Text size="xs" c={fault ? 'red' : 'dimmed'} component="div">
            {fault ??
              (inUse.length > 0 ? `In use: ${inUse.join(', ')}` : 'Tag, sound, language, time, data …')}
          </Text>
        </Accordion.Control>
        <Accordion.Panel>
          <Stack gap="lg">
            <AppFields {...props} />
            <ReplacingFields {...props} />
            <AttentionFields {...props} />
            <LanguageFields {...props} />
            <DataField {...props} />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function AppFields({ draft, change }: ContentFieldsProps): ReactNode {
  return (
    <Fieldset variant="unstyled" className="field-group" legend="On the app">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Badge"
          description="One-coloured, for Android’s status bar"
          {...addressField(draft, change)('badge')}
        />
        <NumberInput
          label="Number on the app"
          description="Once it is installed; 0 takes it away"
          placeholder="as it is"
          min={0}
          max={maxAppBadge}
          allowDecimal={false}
          value={draft.appBadge}
          onChange={(value) => change({ appBadge: String(value) })}
        />
      </SimpleGrid>
    </Fieldset>
  );
}

function ReplacingFields({ draft, change }: ContentFieldsProps): ReactNode {
  return (
    <Fieldset variant="unstyled" className="field-group" legend="Replacing an earlier one">
      <Stack gap="sm">
        <TextInput
          label="Tag"
          description="A shown notification with the same tag is replaced"
          maxLength={maxTagLength}
          {...textField(draft, change)('tag')}
        />
        <Switch
          label="Alerts again when it replaces"
          description="Chrome and Edge; otherwise a replacement comes without a sound"
          error={contentFaults(draft).renotify}
          checked={draft.renotify}
          onChange={(event) => change({ renotify: event.currentTarget.checked })}
        />
      </Stack>
    </Fieldset>
  );
}

function AttentionFields({ draft, change }: ContentFieldsProps): ReactNode {
  return (
    <Fieldset variant="unstyled" className="field-group" legend="Sound and attention">
      <Stack gap="sm">
        <Switch
          label="Stays until the person acts"
          description="Chrome and Edge on a computer, Firefox on Windows"
          checked={draft.requireInteraction}
          onChange={(event) => change({ requireInteraction: event.currentTarget.checked })}
        />
        <Switch
          label="Silent: no sound, no vibration"
          checked={draft.silent}
          onChange={(event) => change({ silent: event.currentTarget.checked })}
        />
        <TextInput
          label="Vibration"
          description="Milliseconds on and off in turn. Up to Android 7; newer ones do as the person has set"
          placeholder="200, 100, 200"
          inputMode="numeric"
          error={contentFaults(draft).vibrate}
          {...textField(draft, change)('vibrate')}
        />
      </Stack>
    </Fieldset>
  );
}

const directions = [
  { value: 'LTR', label: 'Left to right' },
  { value: 'RTL', label: 'Right to left' },
] as const;

function LanguageFields({ draft, change }: ContentFieldsProps): ReactNode {
  const { lang, timestamp } = contentFaults(draft);
  const text = textField(draft, change);
  return (
    <Fieldset variant="unstyled" className="field-group" legend="Language and time">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Language"
            description="Of the texts. Firefox’s own alerts"
            placeholder="de, en-GB …"
            error={lang}
            {...text('lang')}
          />
          <Select
            label="Direction"
            description="Of the texts. Firefox’s own alerts"
            placeholder="by the texts themselves"
            clearable
            clearButtonProps={{ 'aria-label': 'No direction' }}
            data={directions}
            value={draft.dir || null}
            onChange={(value) => change({ dir: value ?? '' })}
          />
        </SimpleGrid>
        <TextInput
          label="Time"
          description="The moment it speaks of, in your own time zone. Chrome on Android and Windows"
          type="datetime-local"
          step="any"
          max="9999-12-31T23:59"
          error={timestamp}
          {...text('timestamp')}
        />
      </Stack>
    </Fieldset>
  );
}

function DataField({ draft, change }: ContentFieldsProps): ReactNode {
  return (
    <Fieldset variant="unstyled" className="field-group" legend="For the page">
      <Textarea
        label="Data"
        description="A JSON object: notification.data"
        placeholder={'{ "orderId": 42 }'}
        autosize
        error={contentFaults(draft).data}
        {...textField(draft, change)('data')}
      />
    </Fieldset>
  );
}
