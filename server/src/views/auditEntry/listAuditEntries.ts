import { LessThan } from 'typeorm';
import { AuditEntry } from '../../database/entities/auditEntry';
import type { Database } from '../../database/openDatabase';
import { cutPage, type Page, type PageRequest } from '../page';

/** What the admin keys of an application did, newest first; `after` is the id of an entry. */
export async function listAuditEntries(
  database: Database,
  applicationId: number,
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  const rows = await database.entities.find(AuditEntry, {
    where: { applicationId, ...(page.after !== undefined && { id: LessThan(page.after) }) },
    order: { id: 'DESC' },
    take: page.first + 1,
  });
  return cutPage(rows, page);
}
