import type { Application } from '../database/entities/application';

type Setting =
  | 'allowedOrigins'
  | 'requestsPerMinute'
  | 'subscriptionsPerUser'
  | 'verifySubscriptions'
  | 'redactContent';

/** What an admin may change of an application; undefined stays as it is, null takes away. */
export type ApplicationSettings = { readonly [Name in Setting]?: Application[Name] | undefined };

/** The settings that are given, as columns. */
export function settingColumns(settings: ApplicationSettings): Partial<Application> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
