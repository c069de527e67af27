import type { PushFailureName } from '../../model/pushAnswer';

const failuresByCode: ReadonlyArray<readonly [RegExp, PushFailureName]> = [
  [/^EBLOCKED$/, 'blocked-address'],
  [/^(ENOTFOUND|EAI_)/, 'dns'],
  [/^(ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, 'refused'],
  [/^ETIMEDOUT$/, 'timeout'],
  [/^(ERR_SSL|ERR_TLS|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_|INVALID_|EPROTO$)/, 'tls'],
  [/^(HPE_|ERR_HTTP)/, 'protocol'],
];

/**
 * Why a connection could not be had or a request has no answer, by the error's code; `otherwise` where the code
 * says nothing: `refused` as long as nothing can have been sent, else `reset`.
 */
export function failureOf(error: unknown, otherwise: 'refused' | 'reset'): PushFailureName {
  const code = errorCode(error);
  return failuresByCode.find(([pattern]) => pattern.test(code))?.[1] ?? otherwise;
}

/** The error of a connection that was not there in time. */
export function connectTimedOut(): NodeJS.ErrnoException {
  return Object.assign(new Error('Connecting took too long'), { code: 'ETIMEDOUT' });
}

/** The code of an error, or of the first of several when every address of a host was tried. */
function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'errors' in error && Array.isArray(error.errors) ? errorCode(error.errors[0]) : '';
}
