import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import { Refusal } from '../model/refusal';
import { maxFirst } from './input/page';

/*
 * What an operation may ask for at most. A field costs 1, a root field or a list that is read by pages 50 more, and
 * everything inside such a list counts once for each row that was asked for; a field that may have to count rows costs
 * 1,000. The largest page of everything else costs some thousands; only lists within lists, or one field under hundreds
 * of names, come to the limit.
 */

const maxQueryCost = 50_000;
/** Fields with fragments written out: more are not even counted. */
const maxQueryNodes = 2_000;

const queryWeight = 50;
/** Fields that may have to count some thousand rows for each object they are asked of. */
const counting = new Set(['Notification.outcomes']);
const countingWeight = 1_000;
const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);

const estimate: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  const root = rootTypes.has(type.name) ? queryWeight : 0;
  const counts = counting.has(`${type.name}.${field.name}`) ? countingWeight : 0;
  const isPaged = field.args.some(({ name }) => name === 'first');
  return 1 + root + counts + (isPaged ? queryWeight + childComplexity * rowsOf(args.first) : childComplexity);
};

/** What the resolver will refuse counts as the most that it would answer. */
function rowsOf(first: unknown): number {
  return typeof first === 'number' && first >= 1 && first <= maxFirst ? first : maxFirst;
}

/** What is asked for; the document is valid. */
export interface CostedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Operations that cost little whatever their variables are: clients send the same few again and again. */
const harmless = new WeakSet<OperationDefinitionNode>();

/**
 * @throws Refusal QUERY_TOO_COMPLEX; GraphQLError for a variable that an argument cannot do without
 */
export function refuseCostly(asked: CostedOperation): void {
  if (harmless.has(asked.operation)) return;
  const cost = costOf(asked);
  if (cost === undefined) return;
  if (cost > maxQueryCost) {
    throw new Refusal('QUERY_TOO_COMPLEX', `This query costs ${cost}; ${maxQueryCost} are allowed.`);
  }
  if (!dependsOnVariables(asked.operation)) harmless.add(asked.operation);
}

/** Undefined when the variables do not fit: execution says so, and does nothing. */
function costOf({ schema, document, operation, variables }: CostedOperation): number | undefined {
  try {
    return getComplexity({
      ...{ schema, variables, maxQueryNodes, estimators: [estimate] },
      query: document,
      ...(operation.name && { operationName: operation.name.value }),
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.startsWith('Variable "$')) return undefined;
    if (!error.message.endsWith('number of nodes.')) throw error;
    throw new Refusal('QUERY_TOO_COMPLEX', `This query asks for more than ${maxQueryNodes} fields.`);
  }
}

/** Only numbers of rows, and whether a field is included at all, change a cost. */
function dependsOnVariables({ variableDefinitions = [] }: OperationDefinitionNode): boolean {
  return variableDefinitions.some(({ type }) => {
    const inner = type.kind === 'NonNullType' ? type.type : type;
    return inner.kind === 'NamedType' && ['Int', 'Boolean'].includes(inner.name.value);
  });
}
