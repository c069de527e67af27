import { Field, ObjectType } from 'type-graphql';
import type { ListCursors } from '../../secrets/sealedCursors';
import type { Page } from '../../views/page';

@ObjectType('PageInfo', {
  description: 'Where a page stands in its list. Lists are paged forwards only, with `first` and `after`.',
})
export class PageInfoType {
  @Field(() => Boolean, { description: 'True when there are more after `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the last edge: give it as `after`.' })
  endCursor!: string | null;

  @Field(() => Boolean, {
    description: 'True when `after` was given: the page does not begin at the start of the list.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge.' })
  startCursor!: string | null;
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
  page: Page<Row>,
  toNode: (row: Row) => Node,
  cursors: ListCursors,
  idOf: (row: Row) => number,
): Connection<Node> {
  const edges = page.rows.map((row) => ({ cursor: cursors.seal([idOf(row)]), node: toNode(row) }));
  return { edges, pageInfo: pageInfoOf(page, edges) };
}

export function pageInfoOf(
  { hasNextPage, hasPreviousPage }: Page<unknown>,
  edges: ReadonlyArray<{ cursor: string }>,
): PageInfoType {
  return {
    hasNextPage,
    hasPreviousPage,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
}
