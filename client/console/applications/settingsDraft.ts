import type { ApplicationSettingsInput, ApplicationsQuery } from '../graphql/operations';

export type Application = ApplicationsQuery['applications'][number];

/** The settings of an application as the form holds them; an empty limit is the installation's. */
export interface SettingsDraft {
  readonly allowedOrigins: readonly string[];
  readonly requestsPerMinute: number | '';
  readonly subscriptionsPerUser: number | '';
  readonly verifySubscriptions: boolean;
  readonly welcomeTitle: string;
  readonly welcomeBody: string;
  readonly redactContent: boolean;
}

/** Takes the part of the settings that a field changes. */
export type ChangeSettings = (change: Partial<SettingsDraft>) => void;

export const firstSettings: SettingsDraft = {
  allowedOrigins: [],
  requestsPerMinute: '',
  subscriptionsPerUser: '',
  verifySubscriptions: false,
  welcomeTitle: '',
  welcomeBody: '',
  redactContent: false,
};

/** What is stored, as the form holds it. */
export function settingsFrom(application: Application): SettingsDraft {
  const { allowedOrigins, requestsPerMinute, subscriptionsPerUser, welcome } = application;
  const text = (name: string) => (typeof welcome?.[name] === 'string' ? String(welcome[name]) : '');
  return {
    allowedOrigins: allowedOrigins ?? [],
    requestsPerMinute: requestsPerMinute ?? '',
    subscriptionsPerUser: subscriptionsPerUser ?? '',
    verifySubscriptions: application.verifySubscriptions,
    welcomeTitle: text('title'),
    welcomeBody: text('body'),
    redactContent: application.redactContent,
  };
}

/** The mutation's input with what differs from `known`: what somebody else changed meanwhile stays. */
export function settingsInput(draft: SettingsDraft, known: SettingsDraft): ApplicationSettingsInput {
  const differs = (name: keyof SettingsDraft) => JSON.stringify(draft[name]) !== JSON.stringify(known[name]);
  const { welcomeTitle, welcomeBody, allowedOrigins, requestsPerMinute, subscriptionsPerUser } = draft;
  const title = welcomeTitle.trim();
  const body = welcomeBody.trim();
  return {
    ...(differs('allowedOrigins') && {
      allowedOrigins: allowedOrigins.length === 0 ? null : [...allowedOrigins],
    }),
    ...(differs('requestsPerMinute') && { requestsPerMinute: requestsPerMinute || null }),
    ...(differs('subscriptionsPerUser') && { subscriptionsPerUser: subscriptionsPerUser || null }),
    ...(differs('verifySubscriptions') && { verifySubscriptions: draft.verifySubscriptions }),
    ...((differs('welcomeTitle') || differs('welcomeBody')) && {
      welcome: title === '' ? null : { title, ...(body !== '' && { body }) },
    }),
    ...(differs('redactContent') && { redactContent: draft.redactContent }),
  };
}
