/**
 * What went wrong, for programs. The first group is the browser's, the second the network's; everything else is a
 * code of the API's catalogue (`UNAUTHENTICATED`, `FORBIDDEN`, `BAD_USER_INPUT`, …), handed on as it came.
 */
export type FanfareErrorCode =
  | 'UNSUPPORTED'
  | 'NEEDS_INSTALL'
  | 'PERMISSION_DENIED'
  | 'PERMISSION_DISMISSED'
  | 'NOT_SUBSCRIBED'
  | 'WORKER_CONFLICT'
  | 'WORKER_FAILED'
  | 'PUSH_SERVICE_UNREACHABLE'
  | 'SUBSCRIBE_FAILED'
  | 'STORAGE_FAILED'
  | 'NETWORK'
  | 'UNAVAILABLE'
  | (string & {});

/** The one error the SDK throws: `code` for programs, `message` for developers, `cause` where there is one. */
export class FanfareError extends Error {
  override readonly name = 'FanfareError';

  constructor(
    readonly code: FanfareErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
