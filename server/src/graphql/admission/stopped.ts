import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { Refusal } from '../../model/refusal';
import type { RequestContext } from '../context';
import type { Caller } from './caller';

/** What an admin key of a stopped application may still change. Receipts need no key. */
const allowed: readonly string[] = ['stopApplication', 'resumeApplication', 'revokeApiKey', 'recordReceipt'];

/** Keys of a stopped application are refused, except that admin keys read and do what `allowed` names. */
export function withStops(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    if (!allowed.includes(field.name) && field.resolve) field.resolve = unlessStopped(field.resolve);
  }
  return schema;
}

function unlessStopped(
  resolve: GraphQLFieldResolver<unknown, RequestContext>,
): GraphQLFieldResolver<unknown, RequestContext> {
  return async (source, args, context, info) => {
    const caller = await context.identify();
    if (caller && isStopped(caller)) throw stoppedRefusal();
    return resolve(source, args, context, info);
  };
}

function isStopped({ application }: Caller): boolean {
  return application.stoppedAt !== null;
}

/** Whether a key is refused altogether because its application is stopped. */
export function isShutOut(caller: Caller): boolean {
  return isStopped(caller) && !caller.scopes.includes('admin');
}

export function stoppedRefusal(): Refusal {
  return new Refusal('FORBIDDEN', 'This application is stopped.');
}
