import { deathsOfSuspect } from '../../database/countDeath';
import type { Database } from '../../database/openDatabase';
import type { PublicIds } from '../../model/ids/publicIds';
import type { Log } from '../../observe/log';
import { type ClaimedDispatch, deferDispatch } from '../claimDispatch';
import type { LeaseKeeper } from '../leaseKeeper';
import { halveDispatch } from './halveDispatch';
import type { Isolation } from './isolation';
import { pauseAfterDeathMs } from './setBackPause';

/*
 * A suspect is a dispatch whose worker died three times. The next worker sends it with nothing else under way. If that
 * worker dies too, the dispatch is to blame, or the process was killed from outside: it is halved, down to the one
 * delivery, and that waits longer each time.
 */

export interface SuspectDeps {
  readonly database: Database;
  readonly isolation: Isolation;
  readonly leases: LeaseKeeper;
  readonly ids: Pick<PublicIds, 'encode'>;
  readonly log: Log;
  readonly now: () => number;
  readonly stopping: () => boolean;
}

/** Between the halving and the next try other work goes on. */
const halvesWaitMs = 1_000;
/** Suspects do not all come back in the same instant. */
const jitterMs = 300;

export function isSuspect({ deaths }: ClaimedDispatch): boolean {
  return deaths >= deathsOfSuspect;
}

/** Sends a suspect with nothing else under way; gives it back while that is not possible. */
export async function sendApart(
  parts: SuspectDeps,
  dispatch: ClaimedDispatch,
  send: () => Promise<unknown>,
): Promise<void> {
  const againInMs = await parts.isolation.apart(async (isAlone) => {
    if (parts.stopping()) await giveBack(parts, dispatch, parts.now());
    else if (!isAlone || (await markAlone(parts, dispatch))) await send();
  });
  if (againInMs === undefined) return;
  await giveBack(parts, dispatch, parts.now() + againInMs + Math.floor(Math.random() * jitterMs));
}

/** What becomes of a suspect whose worker died with nothing else under way. */
export async function narrowDown(parts: SuspectDeps, dispatch: ClaimedDispatch): Promise<void> {
  const { owner } = parts.leases;
  const halves = { owner, dueAt: parts.now() + halvesWaitMs };
  const pending = await halveDispatch(parts.database, dispatch, halves);
  const dispatchId = parts.ids.encode('dispatch', dispatch.id);
  if (pending.length > 1) {
    parts.log.warn(
      { dispatchId, deliveries: pending.length },
      'the worker died while it sent this dispatch alone: the dispatch is halved',
    );
    return;
  }
  const pauseMs = pauseAfterDeathMs(dispatch.deaths - deathsOfSuspect);
  await giveBack(parts, dispatch, Math.min(parts.now() + pauseMs, dispatch.deadlineAt));
  const notificationId = parts.ids.encode('notification', dispatch.notificationId);
  const deliveryIds = pending.map((id) => parts.ids.encode('delivery', dispatch.notificationId, id));
  parts.log.error(
    { dispatchId, notificationId, deliveryId: deliveryIds[0], waitsSeconds: pauseMs / 1_000 },
    'the worker died while it sent this one delivery alone: the delivery waits',
  );
}

async function giveBack(parts: SuspectDeps, dispatch: ClaimedDispatch, dueAt: number): Promise<void> {
  const to = { owner: parts.leases.owner, dueAt, heldBy: null };
  await deferDispatch(parts.database, dispatch, to, parts.now());
}

/** Must be stored before anything is sent. @returns whether this worker still has the dispatch */
async function markAlone({ database, leases }: SuspectDeps, { id }: ClaimedDispatch): Promise<boolean> {
  const { affected } = await database.write((sql) =>
    sql.run('UPDATE dispatch SET isAlone = 1 WHERE id = ? AND leaseOwner = ?', [id, leases.owner]),
  );
  return affected > 0;
}
