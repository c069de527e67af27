import type { ApplicationSettingsInput, ApplicationsQuery } from '../graphql/operations';
import { noWelcome, type WelcomeDraft, welcomeFrom, welcomeInput } from './welcome';

export type Application = ApplicationsQuery['applications'][number];

/** The settings of an application as the form holds them; an empty limit is the installation's. */
export interface SettingsDraft {
  readonly allowedOrigins: readonly string[];
  readonly requestsPerMinute: number | '';
  readonly subscriptionsPerUser: number | '';
  readonly verifySubscriptions: boolean;
  readonly welcome: WelcomeDraft;
  readonly redactContent: boolean;
}

/** Takes the part of the settings that a field changes. */
export type ChangeSettings = (change: Partial<SettingsDraft>) => void;

export const firstSettings: SettingsDraft = {
  allowedOrigins: [],
  requestsPerMinute: '',
  subscriptionsPerUser: '',
  verifySubscriptions: false,
  welcome: noWelcome,
  redactContent: false,
};

/** What is stored, as the form holds it. */
export function settingsFrom(application: Application): SettingsDraft {
  const { allowedOrigins, requestsPerMinute, subscriptionsPerUser } = application;
  return {
    allowedOrigins: allowedOrigins ?? [],
    requestsPerMinute: requestsPerMinute ?? '',
    subscriptionsPerUser: subscriptionsPerUser ?? '',
    verifySubscriptions: application.verifySubscriptions,
    welcome: welcomeFrom(application.welcome),
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
    ...(differs('verifySubscriptions') && { verifySubscriptions: draft.verifySubscriptions }),
    ...(differs('welcome') && { welcome: welcomeInput(draft.welcome) }),
    ...(differs('redactContent') && { redactContent: draft.redactContent }),
  };
}
