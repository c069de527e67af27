import { isDeepStrictEqual } from 'node:util';
import type { Application } from '../../database/entities/application';
import { maxPayloadBytes } from '../../model/pushPayload';
import { Refusal } from '../../model/refusal';
import type { IntakeDeps } from '../notification/acceptNotification';
import { payloadSize } from '../notification/payloadSize';

type Setting =
  | 'allowedOrigins'
  | 'requestsPerMinute'
  | 'subscriptionsPerUser'
  | 'subscriptionsMost'
  | 'staleAfterDays'
  | 'protectedTags'
  | 'verifySubscriptions'
  | 'welcome'
  | 'redactContent';

/** What an admin may change of an application; undefined stays as it is, null takes away. */
export type ApplicationSettings = { readonly [Name in Setting]?: Application[Name] | undefined };

/** The settings that are given, as columns. */
export function settingColumns(settings: ApplicationSettings): Partial<Application> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** An application as it is after a change, and whether the change made a difference. */
export interface ChangedApplication {
  readonly application: Application;
  readonly changed: boolean;
}

/** Sets columns of an application. */
export function applyColumns(application: Application, columns: Partial<Application>): ChangedApplication {
  const before = { ...application };
  Object.assign(application, columns);
  return { application, changed: !isDeepStrictEqual(asStored(application), asStored(before)) };
}

/** Content is stored as JSON, which knows no undefined. */
function asStored(application: Application): unknown {
  return JSON.parse(JSON.stringify(application));
}

/**
 * A browser can only be verified by something that it is sent.
 * @param path where the settings stand in the input
 * @throws Refusal BAD_USER_INPUT without a welcome, PAYLOAD_TOO_LARGE for one that no push service takes
 */
export function checkWelcome(
  parts: Pick<IntakeDeps, 'ids' | 'receiptUrl' | 'receiptTokenLength'>,
  { verifySubscriptions, welcome }: Pick<Application, 'verifySubscriptions' | 'welcome'>,
  path: readonly string[],
): void {
  const at = [...path, 'welcome'];
  if (verifySubscriptions && !welcome) {
    throw new Refusal('BAD_USER_INPUT', 'Browsers that must be verified need a welcome.', at);
  }
  const bytes = welcome ? payloadSize(parts, welcome) : 0;
  if (bytes <= maxPayloadBytes) return;
  throw new Refusal('PAYLOAD_TOO_LARGE', `The welcome makes a payload of ${bytes} bytes.`, at);
}
