import type { ReactNode } from 'react';
import { Panel } from '../layout/Panel';
import { SettingsFields } from './SettingsFields';
import { SettingsForm } from './SettingsForm';
import type { Application } from './settingsDraft';
import { useSettings } from './useSettings';

/** Shows and changes whose pages an application serves, how much it may ask for and what it forgets. */
export function SettingsPanel({ application }: { application: Application }): ReactNode {
  const settings = useSettings(application);
  return (
    <Panel title="Web pages, limits and retention">
      <SettingsForm settings={settings}>
        <SettingsFields settings={settings.draft} change={settings.change} faults={settings.faults} />
      </SettingsForm>
    </Panel>
  );
}
