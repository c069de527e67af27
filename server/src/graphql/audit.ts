import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { AuditEntry } from '../database/entities/auditEntry';
import type { RequestContext } from './context';

/** What is written down: every change that keys of the scope admin make, and the reading of everything about a person. */
export const auditedFields: readonly string[] = [
  'Mutation.createApiKey',
  'Mutation.revokeApiKey',
  'Mutation.createApplication',
  'Mutation.updateApplication',
  'Mutation.configureUserProof',
  'Mutation.rotateVapidKey',
  'Mutation.retireVapidKey',
  'Mutation.deletePerson',
  'Mutation.retirePushSubscription',
  'Mutation.redriveDispatch',
  'Query.exportPerson',
];

const maxSubjectLength = 100;

/** Makes those fields leave an entry once they have succeeded. */
export function withAudit(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const isAudited = auditedFields.includes(`${type?.name}.${field.name}`);
      if (isAudited && field.resolve) field.resolve = audited(field.resolve);
    }
  }
  return schema;
}

function audited(
  resolve: GraphQLFieldResolver<unknown, RequestContext>,
): GraphQLFieldResolver<unknown, RequestContext> {
  return async (source, args, context, info) => {
    const answer = await resolve(source, args, context, info);
    await note(context, info.fieldName, subjectOf(args));
    return answer;
  };
}

async function note(context: RequestContext, action: string, subject: string | null): Promise<void> {
  const caller = await context.identify();
  if (!caller) return;
  const { applicationId, apiKeyId } = caller;
  await context.parts.database.transaction((tx) =>
    tx.entities.insert(AuditEntry, { applicationId, apiKeyId, at: Date.now(), action, subject }),
  );
}

/** A public id or key, or the name of what was made; a person is not named, as the entry outlives its data. */
function subjectOf(args: Record<string, unknown>): string | null {
  const input = typeof args.input === 'object' && args.input !== null ? args.input : {};
  const subject = args.id ?? args.publicKey ?? ('name' in input ? input.name : null);
  return typeof subject === 'string' ? subject.slice(0, maxSubjectLength) : null;
}
