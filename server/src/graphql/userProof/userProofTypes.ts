import { Field, InputType, ObjectType } from 'type-graphql';

@InputType('ConfigureUserProofInput', {
  description: 'How web pages prove their users. What is absent stays as it is; null removes a key.',
})
export class ConfigureUserProofInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a publishable key that names a `userId` must bring proof.',
  })
  required?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'The secret that your back end signs HS256 tokens with: 32 to 400 bytes of text.',
  })
  sharedSecret?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The public key of the P-256 pair that your back end signs ES256 tokens with: PEM (SPKI) or JWK.',
  })
  publicKey?: string | null;
}

@ObjectType('UserProofSettings', { description: 'How web pages prove their users.' })
export class UserProofSettings {
  @Field(() => Boolean, { description: 'Whether a publishable key that names a `userId` must bring proof.' })
  required!: boolean;

  @Field(() => Boolean, { description: 'Whether HS256 tokens can be checked.' })
  hasSharedSecret!: boolean;

  @Field(() => Boolean, { description: 'Whether ES256 tokens can be checked.' })
  hasPublicKey!: boolean;
}
