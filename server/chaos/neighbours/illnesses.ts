import type { Behaviour } from '../behaviour';

/** A way in which the push service beside the measured one is ill. */
export interface Illness {
  readonly name: string;
  readonly behaviour: Behaviour;
}

/** A network's way there and back: an illness changes the answer and, but for those named for it, not when it comes. */
export const answerDelayMs = 10;

/** The first is none: what it differs by is the noise of the method. */
export const illnesses: readonly Illness[] = [
  { name: '(nothing)', behaviour: { kind: 'well', delayMs: answerDelayMs } },
  { name: 'dead', behaviour: { kind: 'dead' } },
  { name: 'refuses', behaviour: { kind: 'refuses' } },
  { name: 'resets', behaviour: { kind: 'resets' } },
  { name: 'takes and never answers', behaviour: { kind: 'tar-pit' } },
  { name: '503, Retry-After 2', behaviour: answers(503, 1, '2') },
  { name: '429 for a third', behaviour: answers(429, 0.33, '1') },
  { name: 'slow by 2 s', behaviour: { kind: 'well', delayMs: 2_000 } },
  // nginx does so after 1,000 unless it is told otherwise
  { name: 'GOAWAY every 100', behaviour: goesAway(100) },
  { name: 'GOAWAY every 20', behaviour: goesAway(20) },
  { name: 'breaks TLS', behaviour: { kind: 'breaks TLS' } },
  { name: 'endless body', behaviour: { kind: 'endless body', delayMs: answerDelayMs } },
  { name: 'no delay', behaviour: { kind: 'well' } },
];

function answers(status: number, share: number, retryAfter: string): Behaviour {
  const headers = { 'retry-after': retryAfter };
  return { kind: 'answers', status, share, headers, delayMs: answerDelayMs };
}

function goesAway(afterRequests: number): Behaviour {
  return { kind: 'goes away', afterRequests, delayMs: answerDelayMs };
}
