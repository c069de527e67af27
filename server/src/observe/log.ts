import pino from 'pino';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

/** The part of a logger that our code uses: fields first, then a sentence. */
export type Log = Pick<pino.Logger, 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'> & {
  child(bindings: Record<string, unknown>): Log;
};

/**
 * A structured logger: one JSON object a line on standard error, so that standard output stays free for
 * what a command prints. Errors are written as name, message and stack.
 */
export function createLog(
  level: LogLevel,
  bindings: Record<string, unknown> = {},
  destination: pino.DestinationStream = pino.destination({ dest: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: { pid: process.pid, ...bindings },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
    },
    destination,
  );
}

/** A logger that writes nothing: the default of parts that can run on their own. */
export const silentLog: Log = createLog('silent');

/**
 * What of an error may be written. Messages of database and HTTP errors can hold statements, values and endpoints,
 * so only errors of our own and of the language keep theirs; others keep name, code and the places of the stack.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error ? String(error.code) : undefined;
  const driverCode = 'driverError' in error ? codeOf(error.driverError) : undefined;
  const safe = ['Error', 'TypeError', 'RangeError', 'Refusal'].includes(error.name) && code === undefined;
  const places = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return {
    type: error.name,
    ...(driverCode === undefined ? { code } : { code: driverCode }),
    ...(safe ? { message: error.message } : undefined),
    stack: places.slice(0, 12).join('\n'),
  };
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
