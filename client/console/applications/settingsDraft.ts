import { type ContentDraft, emptyContent } from '../content/contentDraft';
import { contentFrom } from '../content/contentFrom';
import { contentOf } from '../content/contentOf';
import type { ApplicationSettingsInput, ApplicationsQuery } from '../graphql/operations';

export type Application = ApplicationsQuery['applications'][number];

/** The settings of an application as the form holds them; an empty limit is the installation's. */
export interface SettingsDraft {
  readonly allowedOrigins: readonly string[];
  readonly requestsPerMinute: number | '';
  readonly subscriptionsPerUser: number | '';
  readonly subscriptionsMost: number | '';
  /** Empty: no browser is left out. */
  readonly staleAfterDays: number | '';
  readonly protectedTags: readonly string[];
  readonly verifySubscriptions: boolean;
  readonly sendsWelcome: boolean;
  /** What is written of it stays in the form while none is sent. */
  readonly welcome: ContentDraft;
  readonly redactContent: boolean;
}

/** Takes the part of the settings that a field changes. */
export type ChangeSettings = (change: Partial<SettingsDraft>) => void;

export const firstSettings: SettingsDraft = {
  allowedOrigins: [],
  requestsPerMinute: '',
  subscriptionsPerUser: '',
  subscriptionsMost: '',
  staleAfterDays: '',
  protectedTags: [],
  verifySubscriptions: false,
  sendsWelcome: false,
  welcome: emptyContent,
  redactContent: false,
};

/** What is stored, as the form holds it. */
export function settingsFrom(application: Application): SettingsDraft {
  const { allowedOrigins, requestsPerMinute, subscriptionsPerUser } = application;
  return {
    allowedOrigins: allowedOrigins ?? [],
    requestsPerMinute: requestsPerMinute ?? '',
    subscriptionsPerUser: subscriptionsPerUser ?? '',
    subscriptionsMost: application.subscriptionsMost ?? '',
    staleAfterDays: application.staleAfterDays ?? '',
    protectedTags: application.protectedTags ?? [],
    verifySubscriptions: application.verifySubscriptions,
    sendsWelcome: application.welcome !== null,
    welcome: contentFrom(application.welcome ?? {}),
    redactContent: application.redactContent,
  };
}

/** The mutation's input with what differs from `known`: what somebody else changed meanwhile stays. */
export function settingsInput(draft: SettingsDraft, known: SettingsDraft): ApplicationSettingsInput {
  const differs = (name: keyof SettingsDraft) => JSON.stringify(draft[name]) !== JSON.stringify(known[name]);
  const { allowedOrigins, requestsPerMinute, subscriptionsPerUser } = draft;
  return {
    ...(differs('allowedOrigins') && {
      allowedOrigins: allowedOrigins.length === 0 ? null : [...allowedOrigins],
    }),
    ...(differs('requestsPerMinute') && { requestsPerMinute: requestsPerMinute || null }),
    ...(differs('subscriptionsPerUser') && { subscriptionsPerUser: subscriptionsPerUser || null }),
    ...(differs('subscriptionsMost') && { subscriptionsMost: draft.subscriptionsMost || null }),
    ...(differs('staleAfterDays') && { staleAfterDays: draft.staleAfterDays || null }),
    ...(differs('protectedTags') && {
      protectedTags: draft.protectedTags.length === 0 ? null : [...draft.protectedTags],
    }),
    ...(differs('verifySubscriptions') && { verifySubscriptions: draft.verifySubscriptions }),
    ...((differs('sendsWelcome') || (draft.sendsWelcome && differs('welcome'))) && welcomeInput(draft)),
    ...(differs('redactContent') && { redactContent: draft.redactContent }),
  };
}

/** None while it cannot be sent as it is: `isComplete` tells. */
function welcomeInput({ sendsWelcome, welcome }: SettingsDraft): Pick<ApplicationSettingsInput, 'welcome'> {
  if (!sendsWelcome) return { welcome: null };
  const content = contentOf(welcome);
  return content ? { welcome: content } : {};
}

/** Whether nothing is missing that the settings need to be stored. */
export function isComplete({ sendsWelcome, welcome }: SettingsDraft): boolean {
  return !sendsWelcome || contentOf(welcome) !== undefined;
}
