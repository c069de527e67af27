/** Every code a caller can meet in `extensions.code`; `docs/errors.md` describes each. */
export const refusalCodes = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'IDEMPOTENCY_CONFLICT',
  'PAYLOAD_TOO_LARGE',
  'ENDPOINT_NOT_ALLOWED',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'UNAVAILABLE',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/**
 * What a caller asked for and does not get, with the reason in words that are safe to show.
 * `inputPath` names the input field that is at fault, for example `['input', 'content', 'title']`. (Not `path`:
 * graphql-js takes every error that has one for an error of its own.)
 */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly inputPath?: ReadonlyArray<string | number>,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
