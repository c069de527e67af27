import { Field, ObjectType } from 'type-graphql';
import type { ListCursors } from '../../secrets/sealedCursors';

/** Relay's PageInfo, forwards only. */
@ObjectType('PageInfo', { description: 'Whether and where a list goes on.' })
export class PageInfoType {
  @Field(() => Boolean, { description: 'True when there are more after `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the last edge: give it as `after`.' })
  endCursor!: string | null;
}

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

export interface Connection<Node> {
  edges: Edge<Node>[];
  pageInfo: PageInfoType;
}

/** One page as a Relay connection; `idOf` gives the position of a row in its list, which is sealed into its cursor. */
export function toConnection<Row, Node>(
  page: { rows: Row[]; hasNextPage: boolean },
  toNode: (row: Row) => Node,
  cursors: ListCursors,
  idOf: (row: Row) => number,
): Connection<Node> {
  const edges = page.rows.map((row) => ({ cursor: cursors.seal([idOf(row)]), node: toNode(row) }));
  return { edges, pageInfo: { hasNextPage: page.hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } };
}
