/** A pause that is longer than this is probed: for the first time when it has lasted so long. */
export const firstProbeMs = 60_000;

/** After each probe that fails, the next one waits twice as long, up to this. */
export const maxProbeMs = 900_000;
