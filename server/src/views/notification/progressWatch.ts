import type { Database } from '../../database/openDatabase';
import { idList } from '../../database/sql';
import { Refusal } from '../../model/refusal';
import { type Log, silentLog } from '../../observe/log';
import { type NotificationRow, notificationColumns } from './notificationRow';

/*
 * Who wants to see notifications move. In: a notification id. Out: its row now and after each change, until it is
 * finished. One query for all watchers of the process every 300 ms, none while nobody watches. A watcher who reads
 * slowly misses states in between, never the last one. Called by the GraphQL subscription.
 */

export interface ProgressWatchOptions {
  readonly database: Database;
  readonly log?: Log;
  readonly intervalMs?: number;
  readonly maxWatchers?: number;
  readonly maxWatchersPerApplication?: number;
}

interface Watcher {
  /** The newest row that was not read yet. */
  row: NotificationRow | undefined;
  last: string;
  readonly applicationId: number;
  ended: boolean;
  wake: () => void;
}

export class ProgressWatch {
  readonly #options: Required<ProgressWatchOptions>;
  readonly #watchers = new Map<number, Set<Watcher>>();
  readonly #perApplication = new Map<number, number>();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: ProgressWatchOptions) {
    this.#options = {
      log: silentLog,
      intervalMs: 300,
      maxWatchers: 1_000,
      maxWatchersPerApplication: 250,
      ...options,
    };
  }

  /** How many watch now. */
  get watchers(): number {
    return this.#count;
  }

  /**
   * Gives the row as it is and after each change; ends when the notification is finished or has vanished, and
   * when `isAllowed`, asked before each row, says no.
   * @throws Refusal RATE_LIMITED when the process, or the application, has as many watchers as it may
   */
  watch(
    first: NotificationRow,
    isAllowed: () => Promise<boolean> = async () => true,
  ): AsyncIterableIterator<NotificationRow> {
    const { applicationId } = first;
    const ofApplication = this.#perApplication.get(applicationId) ?? 0;
    const { maxWatchers, maxWatchersPerApplication } = this.#options;
    if (this.#count >= maxWatchers || ofApplication >= maxWatchersPerApplication) {
      throw new Refusal('RATE_LIMITED', 'Too many notifications are being watched; ask again later.');
    }
    const watcher: Watcher = {
      ...{ row: first, last: JSON.stringify(first), applicationId },
      ...{ ended: false, wake: () => undefined },
    };
    this.#add(first.id, watcher);
    const rows = this.#rows(first.id, watcher, isAllowed);
    return {
      next: () => rows.next(),
      // a generator that sleeps hears of `return` only when it wakes
      return: () => {
        this.#remove(first.id, watcher);
        return rows.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#rows(
    id: number,
    watcher: Watcher,
    isAllowed: () => Promise<boolean>,
  ): AsyncGenerator<NotificationRow, undefined> {
    try {
      for (;;) {
        const { row, ended } = watcher;
        watcher.row = undefined;
        if (row && !(await isAllowed())) return;
        if (row) yield row;
        if (ended || (row && isFinished(row))) return;
        if (!watcher.row && !watcher.ended) {
          await new Promise<void>((resolve) => {
            watcher.wake = resolve;
          });
        }
      }
    } finally {
      this.#remove(id, watcher);
    }
  }

  /** Ends every watch. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const [id, watchers] of [...this.#watchers]) {
      for (const watcher of [...watchers]) this.#remove(id, watcher);
    }
  }

  #add(id: number, watcher: Watcher): void {
    const set = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, set.add(watcher));
    this.#count += 1;
    const { applicationId } = watcher;
    this.#perApplication.set(applicationId, (this.#perApplication.get(applicationId) ?? 0) + 1);
    this.#schedule();
  }

  #remove(id: number, watcher: Watcher): void {
    const set = this.#watchers.get(id);
    if (!set?.delete(watcher)) return;
    if (set.size === 0) this.#watchers.delete(id);
    this.#count -= 1;
    const left = (this.#perApplication.get(watcher.applicationId) ?? 1) - 1;
    if (left > 0) this.#perApplication.set(watcher.applicationId, left);
    else this.#perApplication.delete(watcher.applicationId);
    watcher.ended = true;
    watcher.wake();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#stopped || this.#count === 0) return;
    this.#timer = setTimeout(() => void this.#poll(), this.#options.intervalMs);
  }

  async #poll(): Promise<void> {
    try {
      const ids = [...this.#watchers.keys()];
      if (ids.length > 0) this.#compare(ids, await this.#read(ids));
    } catch (error) {
      // the next poll may find the database again; watchers only wait longer
      this.#options.log.warn({ err: error }, 'Progress could not be read.');
    } finally {
      this.#timer = undefined;
      this.#schedule();
    }
  }

  async #read(ids: number[]): Promise<Map<number, NotificationRow>> {
    const rows = await this.#options.database.sql.rows<NotificationRow>(
      `SELECT ${notificationColumns} FROM notification WHERE id IN (${idList(ids)})`,
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  #compare(ids: number[], rows: Map<number, NotificationRow>): void {
    for (const id of ids) {
      for (const watcher of this.#watchers.get(id) ?? []) tell(watcher, rows.get(id));
    }
  }
}

function tell(watcher: Watcher, row: NotificationRow | undefined): void {
  const state = row && JSON.stringify(row);
  if (state === watcher.last) return;
  if (state === undefined) watcher.ended = true;
  else watcher.last = state;
  watcher.row = row;
  watcher.wake();
}

/** Nothing but receipts can change it any more. */
function isFinished(row: NotificationRow): boolean {
  const { targeted, accepted, gone, rejected, expired, exhausted, cancelled } = row;
  const settled = accepted + gone + rejected + expired + exhausted + cancelled;
  return (row.status === 'COMPLETED' || row.status === 'CANCELLED') && targeted === settled;
}
