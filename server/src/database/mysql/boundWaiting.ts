import type { Pool, PoolConnection } from 'mysql2';
import { startDeadline } from '../../model/deadline';

/** How a pool's connections may be waited for, so that work does not pile up before a server that is slow or silent. */
export interface WaitingBounds {
  /** Who has waited for a connection so long fails with POOL_ACQUIRE_TIMEOUT, and has done nothing. */
  readonly acquireMs: number;
  /** With so many before him a caller fails at once, with POOL_ENQUEUELIMIT. */
  readonly waiters: number;
}

type Taker = Parameters<Pool['getConnection']>[0];

/** Bounds the waiting for connections from now on, of TypeORM too. A connection that comes too late goes back. */
export function boundWaiting(pool: Pool, { acquireMs, waiters }: WaitingBounds): void {
  const unbound: Pool['getConnection'] = pool.getConnection.bind(pool);
  const bounded = new WeakSet<Taker>();
  let waiting = 0;
  pool.getConnection = (take) => {
    // the pool asks for this one anew: the connection that it was to be given has died
    if (bounded.has(take)) return unbound(take);
    if (waiting >= waiters) {
      return process.nextTick(take, fault('POOL_ENQUEUELIMIT', `${waiters} wait for a connection`), none);
    }
    // who gave up is counted until the pool, too, knows: its list is what has to stay short
    waiting += 1;
    const taker = untilLate(take, acquireMs, () => {
      waiting -= 1;
    });
    bounded.add(taker);
    return unbound(taker);
  };
}

function untilLate(take: Taker, acquireMs: number, onAnswer: () => void): Taker {
  let late = false;
  const deadline = startDeadline(acquireMs, () => {
    late = true;
    take(fault('POOL_ACQUIRE_TIMEOUT', `no connection within ${acquireMs} ms`), none);
  });
  return (error, connection) => {
    deadline.cancel();
    onAnswer();
    if (!late) take(error, connection);
    else if (!error) connection.release();
  };
}

/** What the driver hands on beside an error, whatever its types say. */
const none = undefined as unknown as PoolConnection;

function fault(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
