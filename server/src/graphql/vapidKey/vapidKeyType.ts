import { Field, ID, ObjectType } from 'type-graphql';
import type { PublicIds } from '../../model/ids/publicIds';
import type { VapidKeyRow } from '../../views/vapidKey/listVapidKeys';
import { NodeType } from '../node/nodeType';
import { DateTime } from '../scalars';

@ObjectType('VapidKey', {
  implements: NodeType,
  description: 'An application server key pair (RFC 8292), told by its public key. Several can live at once.',
})
export class VapidKeyType implements NodeType {
  @Field(() => ID, { description: 'Names the key.' })
  id!: string;

  @Field(() => String, { description: '`applicationServerKey`: base64url, unpadded.' })
  publicKey!: string;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: number;

  /** Counted for all keys of a list at once, when the field is asked for. */
  countSubscriptions!: () => Promise<number>;

  @Field(() => DateTime, { nullable: true, description: 'Since when no browser can subscribe with it.' })
  retiredAt!: number | null;
}

export function toVapidKey(
  row: VapidKeyRow,
  ids: PublicIds,
  countSubscriptions: () => Promise<number>,
): VapidKeyType {
  const { publicKey, createdAt, retiredAt } = row;
  const id = ids.encode('vapidKey', row.id);
  return Object.assign(new VapidKeyType(), { id, publicKey, createdAt, retiredAt, countSubscriptions });
}
