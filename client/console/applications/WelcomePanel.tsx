import { Stack, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { ContentFields } from '../content/ContentFields';
import type { ContentDraft } from '../content/contentDraft';
import { contentOf } from '../content/contentOf';
import { PayloadBudget } from '../content/PayloadBudget';
import { PreviewPanel } from '../content/PreviewPanel';
import { type Payload, usePayload } from '../content/usePayload';
import { Panel } from '../layout/Panel';
import { SettingsForm } from './SettingsForm';
import type { Application } from './settingsDraft';
import { type Settings, useSettings } from './useSettings';
import '../content/preview.css';

/** What a browser is sent when it subscribes, and whether broadcasts wait until it has shown that. */
export function WelcomePanel({ application }: { application: Application }): ReactNode {
  const settings = useSettings(application);
  const { sendsWelcome, welcome } = settings.draft;
  const payload = usePayload(welcome);
  return (
    <div className={sendsWelcome ? 'main-and-side' : undefined}>
      <Panel title="Welcome and verification">
        <SettingsForm settings={settings} fault={sendsWelcome ? whyNotYet(welcome, payload) : undefined}>
          <WelcomeFields settings={settings} />
        </SettingsForm>
      </Panel>
      {sendsWelcome && (
        <Stack className="preview-side">
          <PreviewPanel draft={welcome} />
          <PayloadBudget payload={payload} />
        </Stack>
      )}
    </div>
  );
}

function WelcomeFields({ settings: { draft, change } }: { settings: Settings }): ReactNode {
  return (
    <Stack>
      <Switch
        label="Send broadcasts to verified browsers only"
        description="A browser is verified once it has shown a notification, for example its welcome"
        checked={draft.verifySubscriptions}
        onChange={(event) => change({ verifySubscriptions: event.currentTarget.checked })}
      />
      <Switch
        label="Send a welcome"
        description="To each browser, when it subscribes"
        checked={draft.sendsWelcome}
        onChange={(event) => change({ sendsWelcome: event.currentTarget.checked })}
      />
      {draft.sendsWelcome && (
        <ContentFields
          draft={draft.welcome}
          change={(part) => change({ welcome: { ...draft.welcome, ...part } })}
        />
      )}
    </Stack>
  );
}

/** What is wrong with a welcome, in words. */
function whyNotYet(welcome: ContentDraft, payload: Payload): string | undefined {
  if (welcome.title.trim() === '') return 'A welcome needs a title.';
  if (!contentOf(welcome)) return 'Something that is marked red has to be mended first.';
  return payload.isRefused ? 'The payload is refused: see there.' : undefined;
}
