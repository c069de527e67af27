import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { CreateApplicationDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { NewSecrets } from '../layout/NewSecrets';
import { QueryFault } from '../layout/QueryView';
import { SettingsFields } from './SettingsFields';
import { settingFaults } from './settingFaults';
import { firstSettings, settingsInput } from './settingsDraft';

/** Makes an application, and shows its first two keys, the only time. */
export function CreateApplicationDialog({ onClose }: { onClose: () => void }): ReactNode {
  const [name, setName] = useState('');
  const [settings, setSettings] = useState(firstSettings);
  const create = useApiMutation(CreateApplicationDocument);
  const faults = settingFaults(create.error);
  const made = create.data?.createApplication;
  // nothing but "Done" ends the only view of them
  const mayHaveSecrets = create.isPending || made !== undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ input: { name: name.trim(), settings: settingsInput(settings, firstSettings) } });
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={made ? `The keys of “${made.application.name}”` : 'Create an application'}
      closeOnClickOutside={!mayHaveSecrets}
      closeOnEscape={!mayHaveSecrets}
      withCloseButton={!mayHaveSecrets}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {made ? (
        <NewSecrets
          secrets={[
            ['Admin key', made.adminKey],
            ['Publishable key', made.publishableKey],
          ]}
          onClose={onClose}
        />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {create.error && Object.keys(faults).length === 0 && <QueryFault error={create.error} />}
            <TextInput
              label="Name"
              description="No other application has it"
              value={name}
              maxLength={100}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
            />
            <SettingsFields
              settings={settings}
              faults={faults}
              change={(part) => setSettings((before) => ({ ...before, ...part }))}
            />
            <Group justify="flex-end">
              <Button type="submit" disabled={name.trim() === ''} loading={create.isPending}>
                Create
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
