import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType('Node', { description: 'An object that can be read again by its id, with `node`.' })
export abstract class NodeType {
  @Field(() => ID, { description: 'Unique over all types of this installation.' })
  id!: string;
}
