import { NumberInput, SimpleGrid, Stack, Switch, TagsInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { SettingFaults } from './settingFaults';
import type { ChangeSettings, SettingsDraft } from './settingsDraft';

/** What an Int of GraphQL holds: everything else is for the API to refuse. */
const largest = 2 ** 31 - 1;

/** Web pages, limits and retention of one application. */
export function SettingsFields(props: {
  settings: SettingsDraft;
  change: ChangeSettings;
  faults: SettingFaults;
}): ReactNode {
  const { settings, change, faults } = props;
  const limit = (
    name: 'requestsPerMinute' | 'subscriptionsPerUser' | 'subscriptionsMost' | 'staleAfterDays',
  ) => ({
    placeholder: name === 'staleAfterDays' ? 'any time' : 'installation default',
    min: 1,
    max: largest,
    clampBehavior: 'strict' as const,
    allowDecimal: false,
    allowNegative: false,
    hideControls: true,
    thousandSeparator: ',',
    value: settings[name],
    error: faults[name],
    onChange: (value: number | string) => change({ [name]: value === '' ? '' : Number(value) }),
  });
  return (
    <Stack>
      <TagsInput
        label="Origins of its web pages"
        description="Only they may use its publishable keys; none: any page may. Enter adds one"
        placeholder={settings.allowedOrigins.length === 0 ? 'https://shop.example' : ''}
        value={[...settings.allowedOrigins]}
        error={faults.allowedOrigins}
        onChange={(allowedOrigins) => change({ allowedOrigins })}
        splitChars={[',', ' ', '\n']}
        acceptValueOnBlur
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput
          label="Requests a minute"
          description="For each of its keys"
          {...limit('requestsPerMinute')}
        />
        <NumberInput
          label="Browsers of one user"
          description="How many may be registered"
          {...limit('subscriptionsPerUser')}
        />
        <NumberInput label="Browsers in all" description="More are refused" {...limit('subscriptionsMost')} />
        <NumberInput
          label="Days since the last visit"
          description="Broadcasts skip browsers away for longer"
          {...limit('staleAfterDays')}
        />
      </SimpleGrid>
      <TagsInput
        label="Protected tags"
        description="Only secret keys and user tokens may set them; staff:* protects all that begin with staff:"
        placeholder={settings.protectedTags.length === 0 ? 'staff:*' : ''}
        value={[...settings.protectedTags]}
        error={faults.protectedTags}
        onChange={(protectedTags) => change({ protectedTags })}
        splitChars={[',', '\n']}
        acceptValueOnBlur
      />
      <Switch
        label="Forget what notifications said"
        description="Their content is deleted as soon as they are completed; the counts stay"
        checked={settings.redactContent}
        onChange={(event) => change({ redactContent: event.currentTarget.checked })}
      />
    </Stack>
  );
}
