import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isUnavailable } from '../database/faults';
import { Refusal, type RefusalCode } from '../model/refusal';
import type { Log } from '../observe/log';
import { RateRefusal } from './admission/rateRules';
import { callerMessage } from './callerMessage';

type InputPath = ReadonlyArray<string | number>;

/**
 * Any error as a caller may see it: `{ code, path }` of the catalogue in docs/errors.md, never a stack, a statement
 * or somebody else's data. What nobody foresaw is logged once, under the reference that the answer carries.
 */
export function formatError(error: unknown, log: Log): GraphQLFormattedError {
  const cause = innermost(error);
  const place = placeOf(error);
  if (cause instanceof RateRefusal) return rateLimited(cause, place);
  if (cause instanceof Refusal) return answer(cause.code, cause.message, place, cause.inputPath);
  if (isUnavailable(cause)) {
    log.warn({ err: cause }, 'The database is unavailable.');
    return answer('UNAVAILABLE', 'The database cannot be reached at the moment; try again.', place);
  }
  if (cause instanceof GraphQLError && isTooLarge(cause.message)) {
    return answer('QUERY_TOO_COMPLEX', cause.message, place);
  }
  if (cause instanceof GraphQLError && cause.extensions.code !== 'INTERNAL_SERVER_ERROR') {
    // errors of GraphQL itself are about the caller's document and variables
    return answer('BAD_USER_INPUT', callerMessage(cause.message), place, inputPathOf(error));
  }
  const reference = randomUUID();
  log.error({ err: cause, reference }, 'A request failed.');
  return answer('UNAVAILABLE', `Something failed on our side (reference ${reference}).`, place);
}

/** graphql-js on a document with too many tokens, or too many fields to compare: only its words tell. */
function isTooLarge(message: string): boolean {
  return message.startsWith('Syntax Error: Document contains more ') || message === 'Validation aborted.';
}

function rateLimited(
  { code, message, retryAfterSeconds, verdict }: RateRefusal,
  place: Pick<GraphQLFormattedError, 'locations' | 'path'>,
): GraphQLFormattedError {
  const { limit, remaining, resetAt } = verdict;
  const limits = { retryAfterSeconds, limit, remaining, resetAt: new Date(resetAt).toISOString() };
  return { message, ...place, extensions: { code, ...limits } };
}

function answer(
  code: RefusalCode,
  message: string,
  place: Pick<GraphQLFormattedError, 'locations' | 'path'>,
  path?: InputPath,
): GraphQLFormattedError {
  return { message, ...place, extensions: path ? { code, path } : { code } };
}

/** GraphQL wraps what a resolver threw, once per layer that handed it on. */
function innermost(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

function placeOf(error: unknown): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  if (!(error instanceof GraphQLError)) return {};
  const { locations, path } = error.toJSON();
  return { ...(locations && { locations }), ...(path && { path }) };
}

/**
 * The input field that a wrong variable is about, in the names of the variables: `['input', 'content', 'title']`.
 * graphql-js tells it only in words, in a message that also repeats the value and is therefore not shown.
 */
function inputPathOf(error: unknown): InputPath | undefined {
  let outer = error;
  while (outer instanceof GraphQLError) {
    const variable = variableOf(outer.message);
    if (variable !== undefined) return fieldPath(outer, variable);
    outer = outer.originalError;
  }
  return undefined;
}

/** `event` in `Variable "$event" got invalid value …`. */
function variableOf(message: string): string | undefined {
  const opening = 'Variable "$';
  if (!message.startsWith(opening)) return undefined;
  const end = message.indexOf('"', opening.length);
  if (!message.startsWith('" got invalid value ', end)) return undefined;
  return message.slice(opening.length, Math.min(end, opening.length + maxNameLength));
}

/** Reads the end of `… at "input.content.tags[1]"; <cause>`. The value before it may be long and hold any text. */
function fieldPath({ message, originalError }: GraphQLError, variable: string): InputPath {
  const end = message.length - `"; ${originalError?.message ?? ''}`.length;
  const start = message.lastIndexOf(pathMark, end);
  const path = message[end] === '"' && start >= 0 ? message.slice(start + pathMark.length, end) : '';
  if (path === '' || path.length > maxPathLength || path.includes('"')) return [variable];
  return path
    .split(/[.[\]]/)
    .filter((name) => name !== '')
    .map((name) => (/^\d+$/.test(name) ? Number(name) : name));
}

const pathMark = ' at "';
const maxPathLength = 500;
const maxNameLength = 100;
