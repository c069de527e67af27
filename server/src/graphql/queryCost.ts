import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  Lexer,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql';
import { Refusal } from '../model/refusal';
import { maxFirst } from './input/page';

/*
 * What a document may ask for at most. A field costs 1, a root field or a list that is read by pages 50 more, and
 * everything inside such a list counts once for each row that was asked for. The largest page of everything costs
 * some thousands; only lists within lists, or one field under hundreds of names, come to the limit.
 */

export const maxQueryCost = 50_000;

/** Bounds the parser's work and depth. */
export const maxDocumentTokens = 10_000;

/** Deeper ones would overflow the stack of the parser, which is recursive. */
const maxDepth = 200;
/** A shorter document cannot be deep enough to hurt. */
const harmlessLength = 1_000;
const openers = new Set<TokenKind>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closers = new Set<TokenKind>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

const queryWeight = 50;
const pagedFields = new Set([
  'notifications',
  'pushSubscriptions',
  'deliveries',
  'deliveryHistory',
  'auditLog',
]);
const defaultFirst = 20;

/**
 * To be asked before a document is parsed.
 * @throws Refusal QUERY_TOO_COMPLEX for one that is nested too deep or too long; GraphQLError for one with bad characters
 */
export function refuseDeep(text: string): void {
  if (text.length <= harmlessLength) return;
  const lexer = new Lexer(new Source(text));
  let depth = 0;
  for (let count = 0; lexer.advance().kind !== TokenKind.EOF; count += 1) {
    if (openers.has(lexer.token.kind)) depth += 1;
    if (closers.has(lexer.token.kind)) depth -= 1;
    if (depth > maxDepth || count > maxDocumentTokens) {
      throw new Refusal('QUERY_TOO_COMPLEX', 'The document is too long or nested too deep.');
    }
  }
}

type Variables = Readonly<Record<string, unknown>>;

/**
 * @throws Refusal QUERY_TOO_COMPLEX
 */
export function refuseCostly(
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Variables,
): void {
  const operation = getOperationAST(document, operationName);
  if (!operation) return;
  const roots = operation.selectionSet.selections.length * queryWeight;
  const cost = roots + new Costs(document, variables).of(operation.selectionSet);
  if (cost <= maxQueryCost) return;
  throw new Refusal('QUERY_TOO_COMPLEX', `This query costs ${cost}; ${maxQueryCost} are allowed.`);
}

class Costs {
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  /** Each fragment is counted once, however often it is spread: spreads within spreads would double up. */
  readonly #known = new Map<string, number>();
  readonly #variables: Variables;

  constructor(document: DocumentNode, variables: Variables) {
    this.#variables = variables;
    this.#fragments = new Map(
      document.definitions
        .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
        .map((node) => [node.name.value, node]),
    );
  }

  of(set: SelectionSetNode): number {
    return set.selections.reduce((sum, node) => {
      if (node.kind === Kind.FIELD) return sum + this.#ofField(node);
      if (node.kind === Kind.INLINE_FRAGMENT) return sum + this.of(node.selectionSet);
      return sum + this.#ofFragment(node.name.value);
    }, 0);
  }

  #ofField(field: FieldNode): number {
    const inner = field.selectionSet ? this.of(field.selectionSet) : 0;
    return pagedFields.has(field.name.value) ? 1 + queryWeight + inner * this.#rowsOf(field) : 1 + inner;
  }

  #ofFragment(name: string): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    // a fragment that spreads itself is refused by validation, which may come after this
    this.#known.set(name, 0);
    const fragment = this.#fragments.get(name);
    const cost = fragment ? this.of(fragment.selectionSet) : 0;
    this.#known.set(name, cost);
    return cost;
  }

  /** A number that cannot be told here counts as the most that would be answered. */
  #rowsOf(field: FieldNode): number {
    const value = field.arguments?.find((argument) => argument.name.value === 'first')?.value;
    if (!value || value.kind === Kind.NULL) return defaultFirst;
    const asked =
      value.kind === Kind.VARIABLE
        ? this.#variables[value.name.value]
        : Number('value' in value && value.value);
    return typeof asked === 'number' && asked >= 1 && asked <= maxFirst ? asked : maxFirst;
  }
}
