/**
 * What went wrong, for programs. The first group is the browser's, the second the page's, the third the network's;
 * everything else is a code of the API's catalogue (`UNAUTHENTICATED`, `FORBIDDEN`, …), handed on as it came.
 */
export type FanfareErrorCode =
  | 'UNSUPPORTED'
  | 'NEEDS_INSTALL'
  | 'PERMISSION_DENIED'
  | 'PERMISSION_DISMISSED'
  | 'PUSH_SERVICE_UNREACHABLE'
  | 'SUBSCRIBE_FAILED'
  | 'STORAGE_FAILED'
  | 'UNEXPECTED'
  | 'NOT_SUBSCRIBED'
  | 'WORKER_CONFLICT'
  | 'WORKER_FAILED'
  | 'USER_TOKEN_FAILED'
  | 'NOT_THE_API'
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

/** Any error as a FanfareError, for what no code foresees. */
export function toFanfareError(cause: unknown): FanfareError {
  if (cause instanceof FanfareError) return cause;
  // how browsers refuse a page whose cookies and storage are blocked
  const code = nameOf(cause) === 'SecurityError' ? 'STORAGE_FAILED' : 'UNEXPECTED';
  return new FanfareError(code, String(cause), { cause });
}

/** The name browsers tell their errors apart by, or an empty one. */
export function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}
