import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { listAuditEntries } from '../../views/auditEntry/listAuditEntries';
import { requireScope } from '../admission/authorise';
import { type RequestContext } from '../context';
import { toConnection } from '../paging/connection';
import { afterArgument, firstArgument } from '../paging/pageArguments';
import { readPage } from '../paging/readPage';
import { AuditEntryConnection, toAuditEntry } from './auditEntryType';

@Resolver()
export class AuditResolver {
  @Query(() => AuditEntryConnection, {
    description: 'What the admin keys of this application changed, newest first. Scope admin.',
  })
  async auditLog(
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, firstArgument) first: number,
    @Arg('after', () => String, afterArgument) after: string | null,
  ): Promise<AuditEntryConnection> {
    const { applicationId } = await requireScope(context, 'admin');
    const { database, ids } = context.parts;
    const cursors = context.parts.cursors.of('auditLog', applicationId);
    const page = await listAuditEntries(database, applicationId, readPage(cursors, first, after));
    return toConnection(
      page,
      (row) => toAuditEntry(row, ids),
      cursors,
      (row) => row.id,
    );
  }
}
