import { Field, Int, ObjectType } from 'type-graphql';
import { DateTime } from './scalars';

@ObjectType('VapidKey', {
  description: 'An application server key pair (RFC 8292), told by its public key. Several can live at once.',
})
export class VapidKeyType {
  @Field(() => String, { description: '`applicationServerKey`: base64url, unpadded.' })
  publicKey!: string;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: number;

  @Field(() => Int, { description: 'Live push subscriptions made with it: a rotation is over at 0.' })
  subscriptions!: number;

  @Field(() => DateTime, { nullable: true, description: 'Since when no browser can subscribe with it.' })
  retiredAt!: number | null;
}
