import { Field, ID, ObjectType } from 'type-graphql';
import { ApiKeyKindEnum } from '../enums';

@ObjectType('Viewer', { description: 'The key that asks, and whose it is.' })
export class ViewerType {
  @Field(() => ID, { description: 'Names the key.' })
  apiKeyId!: string;

  @Field(() => String, { description: 'What its owner calls it.' })
  name!: string;

  @Field(() => ApiKeyKindEnum, { description: 'Who may hold it.' })
  kind!: ApiKeyKindEnum;

  @Field(() => [String], { description: 'What it may do. `admin` includes all others.' })
  scopes!: readonly string[];

  @Field(() => ID, { description: 'Names its application.' })
  applicationId!: string;

  @Field(() => String, { description: 'What its application is called.' })
  applicationName!: string;
}
