import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { Refusal, type RefusalCode } from '../model/refusal';
import type { Log } from '../observe/log';

export interface Fault {
  readonly status: number;
  readonly code: RefusalCode;
  readonly message: string;
}

/** What the body parser found, by its `type`. */
const bodyFaults = new Map<string, Fault>(
  Object.entries({
    'entity.too.large': {
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
      message: 'The body of the request is larger than 256 kB.',
    },
    'entity.parse.failed': {
      status: 400,
      code: 'BAD_USER_INPUT',
      message: 'The request body is not valid JSON.',
    },
    'encoding.unsupported': {
      status: 415,
      code: 'BAD_USER_INPUT',
      message: 'The encoding of the request is not supported.',
    },
    'charset.unsupported': {
      status: 415,
      code: 'BAD_USER_INPUT',
      message: 'The charset of the request is not supported.',
    },
  }),
);

/** The end of the line: a path nobody serves. */
export const answerNotFound: RequestHandler = (_request, response) => {
  response.status(404).json(errorBody('NOT_FOUND', 'There is nothing here.'));
};

/** Faults outside GraphQL, in GraphQL's shape, so that a client needs one way of reading them. */
export function answerFault(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const { status, code, message } = faultOf(error, log);
    response.status(status).json(errorBody(code, message));
  };
}

/** What a fault is answered with; one that nobody foresaw is logged. */
export function faultOf(error: unknown, log: Log): Fault {
  if (error instanceof Refusal) return { status: 400, code: error.code, message: error.message };
  const { type, status } = error as { type?: unknown; status?: unknown };
  const known = bodyFaults.get(String(type));
  if (known) return known;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, code: 'BAD_USER_INPUT', message: 'The request is malformed.' };
  }
  const reference = randomUUID();
  log.error({ err: error, reference }, 'A request failed.');
  return {
    status: 500,
    code: 'UNAVAILABLE',
    message: `Something failed on our side (reference ${reference}).`,
  };
}

/** GraphQL's shape of an error. */
export function errorBody(code: RefusalCode, message: string) {
  return { errors: [{ message, extensions: { code } }] };
}
