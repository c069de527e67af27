import { Button, Group, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { UpdateApplicationDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { Panel } from '../layout/Panel';
import { QueryFault } from '../layout/QueryView';
import { SettingsFields } from './SettingsFields';
import { type Application, type SettingsDraft, settingsFrom, settingsInput } from './settingsDraft';

/** Shows and changes what an application's admin may set. */
export function SettingsPanel({ application }: { application: Application }): ReactNode {
  const known = settingsFrom(application);
  const [changed, setChanged] = useState<Partial<SettingsDraft>>({});
  const draft = { ...known, ...changed };
  const update = useApiMutation(UpdateApplicationDocument);
  const input = settingsInput(draft, known);
  const touched = Object.keys(input).length > 0;
  const save = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ id: application.id, settings: input });
  };
  return (
    <Panel title="Web pages, limits and retention">
      <form onSubmit={save}>
        {update.error && <QueryFault error={update.error} />}
        <SettingsFields
          settings={draft}
          change={(part) => {
            update.reset();
            setChanged((before) => ({ ...before, ...part }));
          }}
        />
        <Group justify="flex-end" mt="lg">
          <Text size="sm" c="dimmed" role="status">
            {update.isSuccess && 'Saved. Every process follows within seconds.'}
          </Text>
          <Button type="submit" disabled={!touched} loading={update.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Panel>
  );
}
