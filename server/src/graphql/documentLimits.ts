import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../model/refusal';
import { maxDocumentTokens, refuseDeep } from './queryCost';

/*
 * What a document may look like, asked before it is validated: some of graphql-js' validation rules take time that
 * grows with the square of what they compare. The largest document that people write, the introspection query of
 * tools, stays below a third of each limit.
 */

const limits = {
  /** Selection sets within each other, fragments written out. */
  depth: 20,
  operations: 50,
  fragments: 50,
  spreads: 150,
  fields: 2_000,
  /** Fields that ask for another name. */
  aliases: 100,
  directives: 50,
  variables: 200,
  /** Fields of one response name, wherever they stand. */
  repetitions: 100,
} as const;

type Counted = Exclude<keyof typeof limits, 'depth' | 'repetitions'>;

/** Texts that passed: clients send the same few again and again. */
const passed = new LRUCache<string, true>({ max: 500 });
const maxKeptLength = 4_000;

/**
 * @throws Refusal QUERY_TOO_COMPLEX; GraphQLError for a text that is no document
 */
export function refuseHostile(text: string): void {
  if (passed.has(text)) return;
  refuseDeep(text);
  const document = parse(text, { maxTokens: maxDocumentTokens, noLocation: true });
  new Shape().refuse(document);
  if (text.length <= maxKeptLength) passed.set(text, true);
}

class Shape {
  readonly #counts: Record<Counted, number> = {
    operations: 0,
    fragments: 0,
    spreads: 0,
    fields: 0,
    aliases: 0,
    directives: 0,
    variables: 0,
  };
  readonly #names = new Map<string, number>();
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #depths = new Map<string, number>();

  refuse(document: DocumentNode): void {
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#count('fragments');
      else if (node.kind === Kind.OPERATION_DEFINITION) {
        this.#count('operations');
        for (const variable of node.variableDefinitions ?? []) {
          this.#count('variables');
          this.#countDirectives(variable);
        }
      } else continue;
      this.#countDirectives(node);
      this.#countSet(node.selectionSet);
    }
    for (const node of document.definitions) {
      if (node.kind === Kind.OPERATION_DEFINITION && this.#depthOf(node.selectionSet) > limits.depth) {
        throw tooComplex('is nested too deep');
      }
    }
  }

  #countSet(set: SelectionSetNode): void {
    for (const node of set.selections) {
      this.#countDirectives(node);
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        this.#count('spreads');
        continue;
      }
      if (node.kind === Kind.FIELD) {
        this.#count('fields');
        if (node.alias) this.#count('aliases');
        this.#countName((node.alias ?? node.name).value);
      } else this.#count('spreads');
      if (node.selectionSet) this.#countSet(node.selectionSet);
    }
  }

  #countDirectives(node: ASTNode & { readonly directives?: readonly DirectiveNode[] | undefined }): void {
    for (let left = node.directives?.length ?? 0; left > 0; left -= 1) this.#count('directives');
  }

  #countName(name: string): void {
    const count = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, count);
    if (count > limits.repetitions) throw tooComplex('repeats a field too often');
  }

  #count(what: Counted): void {
    this.#counts[what] += 1;
    if (this.#counts[what] > limits[what]) throw tooComplex(`has more than ${limits[what]} ${what}`);
  }

  #depthOf(set: SelectionSetNode): number {
    let deepest = 0;
    for (const node of set.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD)
        deepest = Math.max(deepest, this.#depthOfFragment(node.name.value));
      else if (node.selectionSet) {
        const levels = node.kind === Kind.FIELD ? 1 : 0;
        deepest = Math.max(deepest, levels + this.#depthOf(node.selectionSet));
      }
    }
    return Math.max(deepest, 1);
  }

  #depthOfFragment(name: string): number {
    const known = this.#depths.get(name);
    if (known !== undefined) return known;
    // a fragment that spreads itself is for validation to refuse
    this.#depths.set(name, 0);
    const fragment = this.#fragments.get(name);
    const depth = fragment ? this.#depthOf(fragment.selectionSet) : 0;
    this.#depths.set(name, depth);
    return depth;
  }
}

function tooComplex(fault: string): Refusal {
  return new Refusal('QUERY_TOO_COMPLEX', `The document ${fault}.`);
}
