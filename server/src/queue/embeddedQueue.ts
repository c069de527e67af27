/**
 * The queue of a Fanfare that is one process: first in, first out, in memory, one list for each lane.
 * It keeps nothing over a restart, which loses nothing: the relay publishes from the database again.
 */
import { type Lane, lanes } from '../model/lane';
import { type Log, silentLog } from '../observe/log';
import type { DispatchQueue } from './dispatchQueue';
import { EmbeddedLane } from './embeddedLane';

export interface EmbeddedQueueOptions {
  /** Waiting messages that a lane holds at most; what does not fit is not confirmed. Default 10,000. */
  capacity?: number;
  /** How long a message that goes back waits before it is handed out again. Default 1,000. */
  pauseMs?: number;
  log?: Log;
}

/** Opens an in-process queue. It is connected until it is closed and never blocked. */
export function openEmbeddedQueue(options: EmbeddedQueueOptions = {}): DispatchQueue {
  const { capacity = 10_000, pauseMs = 1_000, log = silentLog } = options;
  const open = (lane: Lane) => new EmbeddedLane({ lane, capacity, pauseMs, log });
  const byLane: Record<Lane, EmbeddedLane> = { transactional: open('transactional'), bulk: open('bulk') };
  const listeners = new Set<() => void>();
  let closed = false;

  return {
    get connected() {
      return !closed;
    },
    blocked: false,
    publish: async (lane, messages) => (closed ? [] : byLane[lane].push(messages)),
    consume: async (lane, prefetch, handler) => byLane[lane].consume(prefetch, handler),
    depth: async (lane) => (closed ? undefined : byLane[lane].depth),
    deadLetters: async () =>
      closed ? undefined : lanes.reduce((total, lane) => total + byLane[lane].dead, 0),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      if (closed) return;
      closed = true;
      for (const listener of listeners) listener();
      await Promise.all(lanes.map((lane) => byLane[lane].stop()));
    },
  };
}
