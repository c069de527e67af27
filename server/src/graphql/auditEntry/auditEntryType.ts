import { Field, ID, ObjectType } from 'type-graphql';
import type { AuditEntry } from '../../database/entities/auditEntry';
import type { PublicIds } from '../../model/ids/publicIds';
import { NodeType } from '../node/nodeType';
import { type Connection, type Edge, PageInfoType } from '../paging/connection';
import { DateTime } from '../scalars';

@ObjectType('AuditEntry', {
  implements: NodeType,
  description:
    'A change made with a key that has the scope admin. What was so already, or was refused, leaves no entry.',
})
export class AuditEntryType implements NodeType {
  @Field(() => ID, { description: 'Names the entry.' })
  id!: string;

  @Field(() => DateTime, { description: 'When.' })
  at!: number;

  @Field(() => ID, { description: 'The key that did it.' })
  apiKeyId!: string;

  @Field(() => String, { description: 'The field of this API that it asked for.' })
  action!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What it was done to: an id, a public key, or the name of what was made; never a person.',
  })
  subject!: string | null;

  @Field(() => Boolean, {
    description: 'Whether it ended with an error. Part of it may have been done.',
  })
  failed!: boolean;
}

@ObjectType('AuditEntryEdge', { description: 'An entry and its place in the list.' })
class AuditEntryEdge implements Edge<AuditEntryType> {
  @Field(() => String, { description: 'Its cursor: pass it as `after`.' })
  cursor!: string;

  @Field(() => AuditEntryType, { description: 'The entry.' })
  node!: AuditEntryType;
}

@ObjectType('AuditEntryConnection', { description: 'A page of the audit log, newest first.' })
export class AuditEntryConnection implements Connection<AuditEntryType> {
  @Field(() => [AuditEntryEdge], { description: 'The entries of this page.' })
  edges!: AuditEntryEdge[];

  @Field(() => PageInfoType, { description: 'Whether the list goes on.' })
  pageInfo!: PageInfoType;
}

export function toAuditEntry(row: AuditEntry, ids: PublicIds): AuditEntryType {
  const { at, action, subject, failed } = row;
  return Object.assign(new AuditEntryType(), {
    id: ids.encode('auditEntry', row.id),
    at,
    apiKeyId: ids.encode('apiKey', row.apiKeyId),
    action,
    subject,
    failed,
  });
}
