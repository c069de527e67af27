import type { Applied } from './applyRevocations';
import type { BackupState, LiveKey } from './backupState';
import type { PendingWork } from './pendingWork';

export interface RestoreReport extends BackupState {
  readonly now: number;
  /** Undefined without a file of revocations. */
  readonly applied: Applied | undefined;
  /** How many keys `--revoke-all-keys` revoked. */
  readonly revokedKeys: number | undefined;
  /** How many notifications `--cancel-pending` cancelled. */
  readonly cancelled: number | undefined;
  readonly pending: PendingWork;
}

const shownKeys = 50;

/** What was done and what is left for an operator to decide, in lines. */
export function restoreReport(report: RestoreReport): string[] {
  return [
    report.newestAt === undefined
      ? 'The database has no rows that tell when it was last written.'
      : `The database was last written at ${time(report.newestAt)}. What happened since is lost.`,
    'A new epoch has begun: no id, receipt or default tag of lost notifications, browsers or keys is given out again.',
    ...revocationLines(report),
    ...keyLines(report),
    `Push subscriptions: ${report.browsers} live, of ${report.users} users, as they were then.`,
    ...pendingLines(report),
  ];
}

function revocationLines({ applied }: RestoreReport): string[] {
  if (!applied) {
    return [
      'Without --revocations <file>, everything that was revoked, unsubscribed, cancelled or forgotten since is back.',
    ];
  }
  const counts = [...applied].map(
    ([kind, { given, found }]) =>
      `  ${kind}: ${given} in the file, ${found} found in this database and applied`,
  );
  return ['Revocations:', ...(counts.length > 0 ? counts : ['  the file has none'])];
}

function keyLines({ keys, revokedKeys }: RestoreReport): string[] {
  if (revokedKeys !== undefined) {
    return [
      `API keys: all ${revokedKeys} were revoked, those of web pages too.`,
      '  Make others: npx fanfare keys create --name admin --scopes admin, or let the next start make an admin key.',
      '  FANFARE_ADMIN_KEY, if it is set, needs a new value.',
    ];
  }
  const more = keys.length > shownKeys ? [`  and ${keys.length - shownKeys} more`] : [];
  return [
    `API keys that work: ${keys.length}. Revoke those that had been revoked since (--revoke-all-keys: all).`,
    ...keys.slice(0, shownKeys).map(keyLine),
    ...more,
  ];
}

function keyLine({ name, application, kind, createdAt, lastUsedAt }: LiveKey): string {
  const use = lastUsedAt === null ? 'never used' : `last used ${time(lastUsedAt)}`;
  return `  ${JSON.stringify(name)} of ${JSON.stringify(application)}, ${kind.toLowerCase()}, created ${time(createdAt)}, ${use}`;
}

function pendingLines({ pending, cancelled }: RestoreReport): string[] {
  const later = `Notifications scheduled for later: ${pending.scheduled}. They are sent at their time.`;
  if (cancelled !== undefined) return [`Notifications that were due: ${cancelled}, now cancelled.`, later];
  const { due, deliveries, overdue } = pending;
  return [
    `Notifications that the next start goes on sending: ${due}, ${overdue} of them scheduled for a time that has passed; ${deliveries} deliveries are pending.`,
    ...(due > 0
      ? ['  Some may have been sent since the backup, and would come twice: --cancel-pending cancels them.']
      : []),
    later,
  ];
}

function time(at: number): string {
  return new Date(Number(at)).toISOString();
}
