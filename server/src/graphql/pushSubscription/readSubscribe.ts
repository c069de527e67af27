import { ECDH } from 'node:crypto';
import type { SubscribeRequest } from '../../actions/pushSubscription/subscribeRequest';
import { checkPushEndpoint, type RefusedPushEndpoint } from '../../egress/allowedPushHost';
import type { PushHostPolicy } from '../../egress/pushHostPolicy';
import { Refusal } from '../../model/refusal';
import { parseUrl } from '../../model/url/parseUrl';
import { maxTagLength, readUserId } from '../audience/readAudience';
import { checkLanguage, checkNames, given, type InputPath, refuse } from '../fields';
import type { SubscribeInput } from './subscribeInput';

const maxTags = 50;
const maxEndpointLength = 2048;
const endpointPath = ['input', 'subscription', 'endpoint'];

/** What a browser says, without what its key says. */
export type SubscribeFields = Omit<SubscribeRequest, 'applicationId'>;

/**
 * Checks a browser's registration.
 * @param source `browser`: a page registers itself, and a locale or time zone that cannot be read is left out, because
 * nobody typed it in; `backEnd`: it is refused
 * @throws Refusal BAD_USER_INPUT or ENDPOINT_NOT_ALLOWED; the message names at most the host of the endpoint
 */
export function readSubscribe(
  input: SubscribeInput,
  policy: PushHostPolicy,
  source: 'browser' | 'backEnd',
): SubscribeFields {
  const { endpoint, keys, expirationTime } = input.subscription;
  const { tags, locale, timeZone, replaces, applicationServerKey } = input;
  const detail = <T>(value: T | null | undefined, read: (value: T) => string) =>
    value == null ? undefined : readDetail(source, () => read(value));
  const keysPath = ['input', 'subscription', 'keys'];
  return {
    ...readEndpoint(endpoint, policy),
    p256dh: readPublicKey(keys.p256dh, [...keysPath, 'p256dh']),
    auth: decode(keys.auth, [...keysPath, 'auth'], 16),
    expirationTime: readExpirationTime(expirationTime),
    userId: readUser(input),
    tags:
      tags == null
        ? undefined
        : checkNames(tags, ['input', 'tags'], { most: maxTags, maxLength: maxTagLength }),
    locale: detail(locale, (value) => checkLanguage(value, ['input', 'locale'])),
    timeZone: detail(timeZone, (value) => checkTimeZone(value, ['input', 'timeZone'])),
    applicationServerKey: applicationServerKey == null ? undefined : readServerKey(applicationServerKey),
    replacesAuth:
      input.replacesAuth == null ? undefined : decode(input.replacesAuth, ['input', 'replacesAuth'], 16),
    replaces: replaces == null ? undefined : readKnownEndpoint(replaces, ['input', 'replaces']),
  };
}

function readDetail(source: 'browser' | 'backEnd', read: () => string): string | undefined {
  try {
    return read();
  } catch (error) {
    if (source === 'browser' && error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Null takes the owner away, undefined leaves the one there is. */
function readUser({ userId, detachUser }: SubscribeInput): string | null | undefined {
  if (detachUser !== true) {
    return userId == null ? undefined : readUserId(userId, ['input', 'userId']);
  }
  if (userId != null) refuse(['input', 'detachUser'], 'Excludes userId.');
  return null;
}

/** An endpoint that is only looked up: in the form in which a registered one was stored. */
export function readKnownEndpoint(endpoint: string, path: InputPath): string {
  if (endpoint.length > maxEndpointLength) refuse(path, `Must have at most ${maxEndpointLength} characters.`);
  return parseUrl(endpoint)?.href ?? endpoint;
}

function readEndpoint(value: string, policy: PushHostPolicy): { endpoint: string; pushService: string } {
  const answer = checkPushEndpoint(value, policy);
  if (answer.allowed) return { endpoint: answer.endpoint, pushService: answer.pushService };
  if (answer.fault === 'malformed' || answer.fault === 'too-long') refuse(endpointPath, `${answer.message}.`);
  throw notAllowed(value, answer);
}

/** Names the host, which the operator may want to allow, and nothing more of the capability URL. */
function notAllowed(value: string, answer: RefusedPushEndpoint): Refusal {
  const host = new URL(value).host.slice(0, 255);
  return new Refusal('ENDPOINT_NOT_ALLOWED', `${answer.message}: ${host}.`, endpointPath);
}

function readServerKey(value: string): string {
  return decode(value, ['input', 'applicationServerKey'], 65).toString('base64url');
}

function readPublicKey(value: string, path: InputPath): Buffer {
  const point = decode(value, path, 65);
  try {
    if (point[0] === 4) {
      // refuses a point that is not on the curve
      ECDH.convertKey(point, 'prime256v1');
      return point;
    }
  } catch {
    // reported below, in our own words
  }
  return refuse(path, 'Must be an uncompressed point on the curve P-256.');
}

/** Browsers give base64url without padding; some libraries make base64 or padding of it. */
function decode(value: string, path: InputPath, length: number): Buffer {
  const bytes = /^[A-Za-z0-9+/_-]+={0,2}$/.test(value) ? Buffer.from(value, 'base64') : undefined;
  if (bytes?.length !== length) return refuse(path, `Must be ${length} bytes in base64url.`);
  return bytes;
}

function readExpirationTime(value: number | null | undefined): number | undefined {
  if (value == null) return undefined;
  if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
    refuse(['input', 'subscription', 'expirationTime'], 'Must be milliseconds since 1970.');
  }
  return given(Math.floor(value));
}

function checkTimeZone(value: string, path: InputPath): string {
  try {
    if (/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(value)) {
      new Intl.DateTimeFormat('en', { timeZone: value });
      return value;
    }
  } catch {
    // reported below, in our own words
  }
  return refuse(path, 'Must be an IANA time zone, for example "Europe/Berlin".');
}
