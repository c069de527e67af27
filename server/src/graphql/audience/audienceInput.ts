import { Field, ID, InputType } from 'type-graphql';

@InputType('TagFilterInput', {
  description: 'Chooses push subscriptions by their tags; the lists intersect.',
})
export class TagFilterInput {
  @Field(() => [String], { nullable: true, description: 'Carries every one of these (at most 10).' })
  allOf?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Carries at least one of these.' })
  anyOf?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Carries none of these.' })
  noneOf?: string[] | null;
}

@InputType('AudienceInput', {
  description:
    'Which push subscriptions to reach. The fields that are given intersect; at least one must be given.',
})
export class AudienceInput {
  @Field(() => Boolean, { nullable: true, description: 'Every push subscription of the application.' })
  everyone?: boolean | null;

  @Field(() => [ID], { nullable: true, description: 'Every browser of these users (at most 1,000).' })
  userIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'These push subscriptions (at most 1,000).' })
  subscriptionIds?: string[] | null;

  @Field(() => TagFilterInput, { nullable: true, description: 'By tags (at most 50 in all).' })
  tags?: TagFilterInput | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'A notification: those who were to get it and whose delivery was REJECTED, EXPIRED or EXHAUSTED. To send again.',
  })
  failedOf?: string | null;
}
