import type { SettingsDraft } from './settingsDraft';

/** What the API refused, by the field of the form that it is about. */
export type SettingFaults = { readonly [Name in keyof SettingsDraft]?: string };

const fields: readonly string[] = [
  'allowedOrigins',
  'requestsPerMinute',
  'subscriptionsPerUser',
  'subscriptionsMost',
  'staleAfterDays',
  'protectedTags',
] satisfies (keyof SettingsDraft)[];

/** None for an error that belongs to no field of `SettingsFields`. */
export function settingFaults(error: Error | null): SettingFaults {
  const field = pathOf(error?.cause).find((step) => typeof step === 'string' && fields.includes(step));
  return error && typeof field === 'string' ? { [field]: error.message } : {};
}

/** @param cause an error of GraphQL, as the API answers it */
function pathOf(cause: unknown): readonly unknown[] {
  const { extensions } = (cause ?? {}) as { extensions?: { path?: unknown } };
  return Array.isArray(extensions?.path) ? extensions.path : [];
}
