import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { ApiKey } from '../../database/entities/apiKey';
import type { PublicIds } from '../../model/ids/publicIds';
import { ApiKeyKindEnum } from '../enums';
import { NodeType } from '../node/nodeType';
import { DateTime } from '../scalars';

const scopesText =
  '`notifications:send`, `notifications:read`, `subscriptions:read`, `subscriptions:write`, `admin`';

@ObjectType('ApiKey', {
  implements: NodeType,
  description: 'A key of the application; its secret is shown once, when it is made.',
})
export class ApiKeyType implements NodeType {
  @Field(() => ID, { description: 'Names the key, for `revokeApiKey`.' })
  id!: string;

  @Field(() => String, { description: 'What its owner calls it.' })
  name!: string;

  @Field(() => ApiKeyKindEnum, { description: 'Who may hold it.' })
  kind!: ApiKeyKindEnum;

  @Field(() => [String], { description: `What it may do: ${scopesText}.` })
  scopes!: string[];

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was last used, to the minute; null: never.',
  })
  lastUsedAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Since when it works no more.' })
  revokedAt!: number | null;
}

@ObjectType('CreateApiKeyPayload', { description: 'A fresh key.' })
export class CreateApiKeyPayload {
  @Field(() => ApiKeyType, { description: 'What is known of the key from now on.' })
  apiKey!: ApiKeyType;

  @Field(() => String, { description: 'The key itself. It is stored nowhere: keep it now.' })
  secret!: string;
}

@InputType('CreateApiKeyInput', { description: 'A key to make.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What to call it: 1 to 100 characters.' })
  name!: string;

  @Field(() => ApiKeyKindEnum, { description: 'Who will hold it.' })
  kind!: ApiKeyKindEnum;

  @Field(() => ID, {
    nullable: true,
    description:
      'Whose key; absent: of the application that asks. Another one takes an admin key of "default".',
  })
  applicationId?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `What a secret key may do: ${scopesText}. A publishable key has none.`,
  })
  scopes?: string[] | null;
}

export function toApiKey(row: ApiKey, ids: PublicIds): ApiKeyType {
  const { name, kind, scopes, createdAt, lastUsedAt, revokedAt } = row;
  return Object.assign(new ApiKeyType(), {
    id: ids.encode('apiKey', row.id),
    name,
    kind: ApiKeyKindEnum[kind],
    scopes,
    createdAt,
    lastUsedAt,
    revokedAt,
  });
}
