import type { Behaviour } from '../behaviour';

/** A way in which the push service beside the measured one is ill. */
export interface Illness {
  readonly name: string;
  readonly behaviour: Behaviour;
  /** How long it is ill before the measuring begins, so that what it does first is over, or just about to show. */
  readonly leadMs: number;
}

export const wellDelayMs = 10;
const shortLeadMs = 1_000;
/** The attempts that nobody answers end after 10 seconds, all at once: the measuring has begun by then. */
const untilTimeoutsMs = 8_500;

/** The first is none: what it differs by is the noise of the method. */
export const illnesses: readonly Illness[] = [
  ill('(nothing)', { kind: 'well', delayMs: wellDelayMs }),
  ill('dead', { kind: 'dead' }, untilTimeoutsMs),
  ill('refuses', { kind: 'refuses' }),
  ill('resets', { kind: 'resets' }),
  ill('takes and never answers', { kind: 'tar-pit' }, untilTimeoutsMs),
  ill('503, Retry-After 2', {
    ...{ kind: 'answers', status: 503, share: 1 },
    headers: { 'retry-after': '2' },
  }),
  ill('429 for a third', {
    ...{ kind: 'answers', status: 429, share: 0.33 },
    headers: { 'retry-after': '1' },
  }),
  ill('slow by 2 s', { kind: 'well', delayMs: 2_000 }),
  ill('GOAWAY every 20', { kind: 'goes away', afterRequests: 20 }),
  ill('breaks TLS', { kind: 'breaks TLS' }),
  ill('endless body', { kind: 'endless body' }),
];

function ill(name: string, behaviour: Behaviour, leadMs = shortLeadMs): Illness {
  return { name, behaviour, leadMs };
}
