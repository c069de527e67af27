import type { Database } from '../../database/openDatabase';
import type { Lane } from '../../model/lane';
import { cutPage, type Page, type PageRequest } from '../page';

/** A dispatch that was set aside because no worker could finish it. */
export interface DeadDispatchRow {
  readonly id: number;
  readonly notificationId: number;
  readonly lane: Lane;
  readonly pushService: string;
  /** How many deliveries wait in it. */
  readonly deliveries: number;
  readonly deadReason: string | null;
  readonly deadAt: number;
}

/** What has been set aside of an application's work, oldest first; `after` is a dispatch id. */
export async function listDeadDispatches(
  database: Database,
  applicationId: number,
  page: PageRequest,
): Promise<Page<DeadDispatchRow>> {
  const rows = await deadDispatches(database, applicationId, 'p.id > ?', page.after ?? 0, page.first + 1);
  return cutPage(rows, page);
}

/** One of them; undefined if the application has no such dispatch, or it was redriven. */
export async function findDeadDispatch(
  database: Database,
  applicationId: number,
  dispatchId: number,
): Promise<DeadDispatchRow | undefined> {
  const [row] = await deadDispatches(database, applicationId, 'p.id = ?', dispatchId, 1);
  return row;
}

async function deadDispatches(
  database: Database,
  applicationId: number,
  condition: string,
  dispatchId: number,
  most: number,
): Promise<DeadDispatchRow[]> {
  const rows = await database.sql.rows<DeadDispatchRow>(
    `SELECT p.id, p.notificationId, p.lane, p.pushService, p.deadReason, p.deadAt,
            (SELECT COUNT(*) FROM delivery d
             WHERE d.notificationId = p.notificationId AND d.dispatchId = p.id AND d.status = 0
               AND d.subscriptionId BETWEEN p.firstSubscriptionId AND p.lastSubscriptionId) AS deliveries
     FROM dispatch p JOIN notification n ON n.id = p.notificationId
     WHERE p.deadAt IS NOT NULL AND ${condition} AND n.applicationId = ?
     ORDER BY p.id LIMIT ${most}`,
    [dispatchId, applicationId],
  );
  return rows.map((row) => ({ ...row, deliveries: Number(row.deliveries) }));
}
