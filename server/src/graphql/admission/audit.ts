import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { AuditEntry } from '../../database/entities/auditEntry';
import { Refusal } from '../../model/refusal';
import type { RequestContext } from '../context';
import { Unchanged } from '../unchanged';

/** What is written down: every change that keys of the scope admin make, and the reading of everything about a person. */
export const auditedFields: readonly string[] = [
  'Mutation.createApiKey',
  'Mutation.revokeApiKey',
  'Mutation.createApplication',
  'Mutation.updateApplication',
  'Mutation.stopApplication',
  'Mutation.resumeApplication',
  'Mutation.configureUserProof',
  'Mutation.rotateVapidKey',
  'Mutation.retireVapidKey',
  'Mutation.deletePerson',
  'Mutation.retirePushSubscription',
  'Mutation.redriveDispatch',
  'Mutation.redriveDispatches',
  'Mutation.resumePushService',
  'Query.exportPerson',
];

const maxSubjectLength = 100;

/** Makes those fields leave an entry, unless they answer `Unchanged` or are refused. One that fails may have begun. */
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
    // before the change: one that cannot be written down is not made, and a secret is not lost between the two
    const entry = await note(context, info.fieldName, subjectOf(args));
    try {
      const answer: unknown = await resolve(source, args, context, info);
      if (!(answer instanceof Unchanged)) return answer;
      if (entry !== undefined) await remove(context, entry);
      return answer.result;
    } catch (error) {
      // a refusal comes before the change; any other fault may have come half-way
      if (entry !== undefined) await (error instanceof Refusal ? remove : markFailed)(context, entry);
      throw error;
    }
  };
}

/** @returns the entry's id; undefined for callers who cannot change anything */
async function note(
  context: RequestContext,
  action: string,
  subject: string | null,
): Promise<number | undefined> {
  const caller = await context.identify();
  if (caller?.kind !== 'SECRET') return undefined;
  const { applicationId, apiKeyId } = caller;
  return context.parts.database.transaction(async ({ entities }) => {
    const entry = { applicationId, apiKeyId, at: context.parts.database.now(), action, subject };
    return (await entities.save(entities.create(AuditEntry, entry))).id;
  });
}

async function markFailed({ parts }: RequestContext, id: number): Promise<void> {
  try {
    await parts.database.transaction((tx) => tx.entities.update(AuditEntry, id, { failed: true }));
  } catch (error) {
    parts.log.warn({ err: error }, 'the audit log could not record that a change failed');
  }
}

/** An entry that stays because it cannot be taken back tells of what was tried. */
async function remove({ parts }: RequestContext, id: number): Promise<void> {
  try {
    await parts.database.transaction((tx) => tx.entities.delete(AuditEntry, id));
  } catch (error) {
    parts.log.warn({ err: error }, 'the audit log names a change that was not made');
  }
}

/** A public id or key, or the name of what was made; a person is not named, as the entry outlives its data. */
function subjectOf(args: Record<string, unknown>): string | null {
  const input = typeof args.input === 'object' && args.input !== null ? args.input : {};
  const subject = args.id ?? args.publicKey ?? args.pushService ?? ('name' in input ? input.name : null);
  return typeof subject === 'string' ? subject.slice(0, maxSubjectLength) : null;
}
