import { databaseErrorCode } from '../database/faults';

/** Where in the pipeline a dispatch got stuck, for a reason that waiting for the database does not mend. */
export type Stage = 'loading' | 'opening the VAPID key' | 'sending' | 'recording';

/** The dispatch could not be finished: it is tried again later, and at last set aside with this reason. */
export class StageFailure extends Error {
  constructor(
    readonly stage: Stage,
    override readonly cause: unknown,
  ) {
    super(`${stage} failed: ${nameOf(cause)}`);
  }
}

/** Kinds and codes only: the texts of errors can hold statements, content and keys. */
function nameOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  return [cause.name, databaseErrorCode(cause)].filter((part) => part !== '').join(' ');
}
