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
export function createLog(level: LogLevel, bindings: Record<string, unknown> = {}): Log {
  return pino(
    { level, base: { pid: process.pid, ...bindings }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** A logger that writes nothing: the default of parts that can run on their own. */
export const silentLog: Log = createLog('silent');
