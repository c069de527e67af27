import { Refusal } from '../../model/refusal';

const maxAheadMs = 366 * 24 * 3600 * 1000;

/**
 * What is wrong with the times of a request at this moment; undefined when nothing is. Apart from the checks of form,
 * because a call that is repeated with its idempotency key was right when it was first made.
 */
export function timeFault(
  request: { sendAt?: number | undefined; expiresAt?: number | undefined },
  now: number,
): Refusal | undefined {
  const { sendAt, expiresAt } = request;
  if (sendAt !== undefined && sendAt - now > maxAheadMs) {
    return new Refusal('BAD_USER_INPUT', 'Must be within a year from now.', ['input', 'sendAt']);
  }
  if (expiresAt !== undefined && expiresAt <= now) {
    return new Refusal('BAD_USER_INPUT', 'Must be in the future.', ['input', 'expiresAt']);
  }
  return undefined;
}
