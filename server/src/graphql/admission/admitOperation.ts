import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { Refusal } from '../../model/refusal';
import type { RequestContext } from '../context';
import type { Admission } from './admission';
import type { Caller } from './caller';
import { refuseLargePublicDocument } from './documentLimits';
import { isKnownDocument } from './knownDocuments';
import { refuseCostly } from './queryCost';
import type { RateVerdict } from './rateLimiter';
import { countGuess, countRequest, refuseGuesser } from './rateRules';

/** An operation that wants to be executed. */
export interface AskedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A page's visitor may send so many documents of the SDK for one document of another kind. */
const unknownDocumentWeight = 10;

/**
 * Counts a request before its document is parsed, then compares that document's text with what its caller may send.
 * @param query as the request gives it, and so are its `variables`
 * @throws Refusal RATE_LIMITED, FORBIDDEN, QUERY_TOO_COMPLEX or PAYLOAD_TOO_LARGE
 */
export async function admitRequest(
  context: RequestContext,
  query: unknown,
  variables?: unknown,
): Promise<void> {
  const { admission } = context.parts;
  const text = typeof query === 'string' ? query : '';
  const visits = () =>
    isKnownDocument(text) ? 1 : Math.min(unknownDocumentWeight, admission.rateLimits.perAddress);
  const caller = await countVisit(context, visits);
  if (caller?.kind === 'SECRET') return;
  admitPublicDocument(text, admission);
  refuseLargePublicVariables(variables);
}

/** Room for the largest registration: an endpoint of 2 kB and 50 tags of 64 characters outside ASCII. */
const maxPublicVariablesBytes = 24 * 1_024;

/** graphql-js compares a wrong value with every name that it may have meant, which takes long for a long one. */
function refuseLargePublicVariables(variables: unknown): void {
  if (!isLarger(variables, maxPublicVariablesBytes)) return;
  throw new Refusal('PAYLOAD_TOO_LARGE', 'Without a secret key the variables have at most 24 kB.');
}

/** Without recursion, since JSON may be nested deeper than the stack. Each value counts as two bytes and its text. */
function isLarger(value: unknown, mostBytes: number): boolean {
  const waiting = [value];
  let bytes = 0;
  while (waiting.length > 0 && bytes <= mostBytes) {
    const next = waiting.pop();
    bytes += 2 + (typeof next === 'string' ? Buffer.byteLength(next) : 0);
    if (typeof next !== 'object' || next === null) continue;
    for (const [name, member] of Object.entries(next)) {
      if (!Array.isArray(next)) bytes += Buffer.byteLength(name);
      waiting.push(member);
    }
  }
  return bytes > mostBytes;
}

/**
 * Counts a request by its address before its key is looked up, as that asks the database. A publishable key is counted
 * once the document is known: what is refused before takes nothing from the visitors of its pages.
 * @param visits how many a request without a secret key counts for
 * @throws Refusal RATE_LIMITED
 */
export async function countVisit(
  { claim, networks, identify, parts }: RequestContext,
  visits: () => number,
): Promise<Caller | undefined> {
  const { rateLimiter, rateLimits } = parts.admission;
  const visit = { caller: undefined, networks, requests: 1, operations: [] };
  if (claim === 'OTHER') await countRequest(rateLimiter, { ...visit, requests: visits() }, rateLimits);
  if (claim === 'SECRET_KEY') refuseGuesser(rateLimiter, networks, rateLimits);
  const caller = await identify();
  if (caller?.kind === 'SECRET') await countRequest(rateLimiter, { ...visit, caller }, rateLimits);
  else if (!caller && claim !== 'OTHER') await countGuess(rateLimiter, networks, rateLimits, visits());
  return caller;
}

/** The same for a publishable key and for none: both are anybody's. */
function admitPublicDocument(text: string, { onlyKnownDocuments, hidesSchema }: Admission): void {
  if (isKnownDocument(text)) return;
  if (onlyKnownDocuments) {
    throw new Refusal('FORBIDDEN', 'Without a secret key only the documents of the SDK are answered.');
  }
  if (hidesSchema && text.includes('__schema')) throw schemaIsHidden();
  refuseLargePublicDocument(text);
}

/**
 * The last look at an operation whose document is valid: its cost, what its caller may send at all, and how often.
 * @returns what is left of the limit it counts against
 * @throws Refusal QUERY_TOO_COMPLEX, FORBIDDEN or RATE_LIMITED; GraphQLError for a missing variable
 */
export async function admitOperation(
  asked: AskedOperation,
  context: RequestContext,
): Promise<RateVerdict | undefined> {
  const { schema, document, operationName, variables } = asked;
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const { admission } = context.parts;
  const caller = await context.identify();
  const fields = rootFields(document, operation);
  const counted = {
    ...{ caller, networks: context.networks },
    // the first of them was counted by admitRequest
    requests: fields.length - 1,
    operations: fields,
  };
  const verdict = await countRequest(admission.rateLimiter, counted, admission.rateLimits);
  refuseCostly({ schema, document, operation, variables });
  if (admission.hidesSchema && !isAdmin(caller) && asksForSchema(document)) {
    throw schemaIsHidden();
  }
  return verdict;
}

function schemaIsHidden(): Refusal {
  return new Refusal('FORBIDDEN', 'The schema is shown to keys with the scope admin.');
}

function isAdmin(caller: Caller | undefined): boolean {
  return caller?.scopes.includes('admin') ?? false;
}

function asksForSchema(document: DocumentNode): boolean {
  let asks = false;
  visit(document, {
    Field: ({ name }) => {
      asks ||= name.value === '__schema' || name.value === '__type';
    },
  });
  return asks;
}

/** The names of the fields an operation starts with, as often as they are asked for. */
function rootFields(document: DocumentNode, operation: OperationDefinitionNode): string[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const names: string[] = [];
  const seen = new Set<string>();
  const collect = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) names.push(node.name.value);
      else if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet);
      else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment) collect(fragment.selectionSet);
      }
    }
  };
  collect(operation.selectionSet);
  return names;
}
