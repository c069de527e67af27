import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { redriveDispatch, redriveDispatches } from '../../actions/deadDispatch/redriveDispatch';
import { listDeadDispatches } from '../../views/deadDispatch/listDeadDispatches';
import { requireScope } from '../admission/authorise';
import { type RequestContext } from '../context';
import { toConnection } from '../paging/connection';
import { afterArgument, firstArgument } from '../paging/pageArguments';
import { readPage } from '../paging/readPage';
import { Unchanged } from '../unchanged';
import { DeadDispatchConnection, toDeadDispatch } from './deadDispatchType';

@Resolver()
export class DeadDispatchResolver {
  @Query(() => DeadDispatchConnection, {
    description: "The application's work that was set aside because it failed ten times. Scope admin.",
  })
  async deadDispatches(
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, firstArgument) first: number,
    @Arg('after', () => String, afterArgument) after: string | null,
  ): Promise<DeadDispatchConnection> {
    const { applicationId } = await requireScope(context, 'admin');
    const { database, ids } = context.parts;
    const cursors = context.parts.cursors.of('deadDispatches', applicationId);
    return toConnection(
      await listDeadDispatches(database, applicationId, readPage(cursors, first, after)),
      (row) => toDeadDispatch(row, ids),
      cursors,
      (row) => row.id,
    );
  }

  @Mutation(() => Boolean, {
    description: 'Retries at once a dispatch that was set aside. Scope admin.',
  })
  async redriveDispatch(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The dispatch, as `deadDispatches` gives it.' }) id: string,
  ): Promise<boolean> {
    const { applicationId } = await requireScope(context, 'admin');
    const { database, ids } = context.parts;
    await redriveDispatch({ database }, applicationId, ids.decodeOne('dispatch', id) ?? 0);
    return true;
  }

  @Mutation(() => Int, {
    description:
      "Retries at once all of the application's work that was set aside, and the deliveries that wait because a worker died while it sent them alone. Answers the number of dispatches. Scope admin.",
  })
  async redriveDispatches(@Ctx() context: RequestContext): Promise<number | Unchanged<number>> {
    const { applicationId } = await requireScope(context, 'admin');
    const redriven = await redriveDispatches({ database: context.parts.database }, applicationId);
    return redriven > 0 ? redriven : new Unchanged(0);
  }
}
