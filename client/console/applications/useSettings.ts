import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApplicationsDocument, UpdateApplicationDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { type SettingFaults, settingFaults } from './settingFaults';
import {
  type Application,
  type ChangeSettings,
  isComplete,
  type SettingsDraft,
  settingsFrom,
  settingsInput,
} from './settingsDraft';

/** The settings of an application while they are being changed. */
export interface Settings {
  readonly draft: SettingsDraft;
  readonly change: ChangeSettings;
  /** Stores what differs from what is stored. */
  readonly save: () => void;
  /** Whether something differs, and can be stored. */
  readonly canSave: boolean;
  readonly isSaving: boolean;
  readonly isSaved: boolean;
  readonly error: Error | null;
  /** The error, where a field shows it. */
  readonly faults: SettingFaults;
}

/** Shows what is stored, with what was changed here on top of it until that is stored too. */
export function useSettings(application: Application): Settings {
  const client = useQueryClient();
  const [changed, setChanged] = useState<Partial<SettingsDraft>>({});
  const update = useApiMutation(UpdateApplicationDocument);
  const known = settingsFrom(application);
  const draft = { ...known, ...changed };
  const settings = settingsInput(draft, known);
  const save = () =>
    update.mutate(
      { id: application.id, settings },
      {
        onSuccess: async () => {
          await client.refetchQueries({ queryKey: [ApplicationsDocument] });
          // what was typed meanwhile stays
          setChanged((now) => (now === changed ? {} : now));
        },
      },
    );
  return {
    draft,
    change: (part) => {
      update.reset();
      setChanged((before) => ({ ...before, ...part }));
    },
    save,
    canSave: Object.keys(settings).length > 0 && isComplete(draft),
    isSaving: update.isPending,
    isSaved: update.isSuccess,
    error: update.error,
    faults: settingFaults(update.error),
  };
}
