import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { QueryFault } from '../layout/QueryView';
import type { Settings } from './useSettings';

/** Fields of an application's settings with the button that stores them, and what became of it. */
export function SettingsForm(props: {
  settings: Settings;
  /** What stands in the way of storing it that only its fields know of. */
  fault?: string | undefined;
  children: ReactNode;
}): ReactNode {
  const { settings, fault } = props;
  const isShownAtField = Object.keys(settings.faults).length > 0;
  return (
    <form
      // a browser cannot point at a fault that is folded away: the fields, and then the server, tell what is wrong
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        settings.save();
      }}
    >
      {settings.error && !isShownAtField && <QueryFault error={settings.error} />}
      {props.children}
      <Group justify="flex-end" mt="lg">
        <Text size="sm" c="dimmed" role="status">
          {fault ?? outcomeOf(settings, isShownAtField)}
        </Text>
        <Button type="submit" disabled={!settings.canSave || fault !== undefined} loading={settings.isSaving}>
          Save
        </Button>
      </Group>
    </form>
  );
}

function outcomeOf({ isSaved }: Settings, isShownAtField: boolean): string | undefined {
  if (isShownAtField) return 'Not saved: correct what is marked red.';
  return isSaved ? 'Saved. Every process follows within seconds.' : undefined;
}
