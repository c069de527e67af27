import type { Audience, TagFilter } from '../../model/audience';
import type { PublicIds } from '../../model/ids/publicIds';
import { checkName, checkNames, type InputPath, present, refuse } from '../fields';
import type { AudienceInput, TagFilterInput } from './audienceInput';

export const maxTagLength = 64;
export const maxUserIdLength = 255;
const maxIds = 1_000;
const maxTags = 50;
/** Each of these is a join of its own. */
const maxAllOf = 10;

/** A user that something is asked about, or done for. */
export function readUserId(value: string, path: InputPath): string {
  return checkName(value, path, maxUserIdLength);
}

/**
 * Checks whom a notification is for. A list that is given must not be empty: an empty one is nearly always a bug of
 * the caller's, and as a filter that is left out it would reach everyone.
 * @throws Refusal BAD_USER_INPUT with the path of the field at fault
 */
export function readAudience(input: AudienceInput, path: InputPath, ids: PublicIds): Audience {
  const { userIds, subscriptionIds, tags } = input;
  const lists = [userIds, subscriptionIds, tags?.allOf, tags?.anyOf, tags?.noneOf];
  if (!input.everyone && input.failedOf == null && !lists.some((list) => list?.length)) {
    refuse(path, 'Name somebody: everyone, userIds, subscriptionIds, tags or failedOf.');
  }
  return present({
    everyone: input.everyone ? (true as const) : undefined,
    userIds: readList(userIds, [...path, 'userIds'], maxIds, maxUserIdLength),
    subscriptionIds: readSubscriptionIds(subscriptionIds, [...path, 'subscriptionIds'], ids),
    tags: readTags(tags, [...path, 'tags']),
    failedOf: input.failedOf == null ? undefined : readFailedOf(input.failedOf, [...path, 'failedOf'], ids),
  });
}

function readList(
  values: string[] | null | undefined,
  path: InputPath,
  most: number,
  maxLength: number,
): string[] | undefined {
  if (values == null) return undefined;
  if (values.length === 0) refuse(path, 'Must not be empty; leave it out instead.');
  return checkNames(values, path, { most, maxLength });
}

function readSubscriptionIds(
  values: string[] | null | undefined,
  path: InputPath,
  ids: PublicIds,
): number[] | undefined {
  return readList(values, path, maxIds, 60)?.map((value, index) => {
    const id = ids.decodeOne('subscription', value);
    return id ?? refuse([...path, index], 'This is no id of a push subscription.');
  });
}

function readFailedOf(value: string, path: InputPath, ids: PublicIds): number {
  return ids.decodeOne('notification', value) ?? refuse(path, 'This is no id of a notification.');
}

function readTags(input: TagFilterInput | null | undefined, path: InputPath): TagFilter | undefined {
  if (input == null) return undefined;
  const list = (name: 'allOf' | 'anyOf' | 'noneOf', most: number) =>
    readList(input[name], [...path, name], most, maxTagLength);
  const filter = present({
    allOf: list('allOf', maxAllOf),
    anyOf: list('anyOf', maxTags),
    noneOf: list('noneOf', maxTags),
  });
  const count = Object.values(filter).reduce((sum, tags) => sum + (tags?.length ?? 0), 0);
  if (count === 0) refuse(path, 'Must not be empty; leave it out instead.');
  if (count > maxTags) refuse(path, `At most ${maxTags} tags can be given.`);
  return filter;
}
