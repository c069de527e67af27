import type { ApplicationSettings } from '../../actions/application/applicationSettings';
import { parseUrl } from '../../model/url/parseUrl';
import { maxTagLength } from '../audience/readAudience';
import { checkInteger, checkNames, type InputPath, refuse } from '../fields';
import { readContent } from '../notification/readContent';
import type { ApplicationSettingsInput } from './applicationType';

const maxOrigins = 50;
const protectedTagLimits = { most: 50, maxLength: maxTagLength };

/** @throws Refusal BAD_USER_INPUT with the path of the field at fault */
export function readApplicationSettings(
  input: ApplicationSettingsInput | null | undefined,
  path: InputPath,
): ApplicationSettings {
  if (!input) return {};
  const at = (field: string) => [...path, field];
  return {
    verifySubscriptions: readFlag(input.verifySubscriptions, at('verifySubscriptions')),
    welcome: input.welcome && readContent(input.welcome, at('welcome')),
    redactContent: readFlag(input.redactContent, at('redactContent')),
    allowedOrigins: input.allowedOrigins && readOrigins(input.allowedOrigins, at('allowedOrigins')),
    requestsPerMinute: readLimit(input.requestsPerMinute, at('requestsPerMinute'), 10_000_000),
    subscriptionsMost: readLimit(input.subscriptionsMost, at('subscriptionsMost'), 1_000_000_000),
    staleAfterDays: readLimit(input.staleAfterDays, at('staleAfterDays'), 3_650),
    protectedTags:
      input.protectedTags && checkNames(input.protectedTags, at('protectedTags'), protectedTagLimits),
    subscriptionsPerUser: readLimit(input.subscriptionsPerUser, at('subscriptionsPerUser'), 100_000),
  };
}

/** There is nothing to take away from yes or no: a null that was ignored would look as if it had done something. */
function readFlag(value: boolean | null | undefined, path: InputPath): boolean | undefined {
  return value === null ? refuse(path, 'Must be true or false; leave it out to keep it as it is.') : value;
}

function readLimit(value: number | null | undefined, path: InputPath, most: number) {
  return value == null ? value : checkInteger(value, path, 1, most);
}

function readOrigins(values: readonly string[], path: InputPath): string[] {
  if (values.length > maxOrigins) refuse(path, `At most ${maxOrigins} can be given.`);
  return [...new Set(values.map((value, index) => readOrigin(value, [...path, index])))];
}

function readOrigin(value: string, path: InputPath): string {
  // an entry that no browser ever sends as its Origin would look as if it allowed something
  if (value.includes('*'))
    refuse(path, 'Wildcards are not supported: list each origin, for example https://shop.example.');
  const isOrigin = /^https?:\/\//.test(value) && parseUrl(value)?.origin === value;
  return isOrigin
    ? value
    : refuse(path, 'Must be an origin, for example https://shop.example, without a path.');
}
