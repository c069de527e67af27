import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import { Refusal } from '../../model/refusal';
import { maxFirst } from '../paging/readPage';

/*
 * What an operation may ask for at most. A field costs 1, a root field or a list that is read by pages 50 more, and
 * everything inside such a list counts once for each row that was asked for. Fields whose work grows with the rows of an
 * application, whatever `first` says, cost far more: see `heavyFields`. The largest page of everything else costs some
 * thousands; only lists within lists, or one field under hundreds of names, reach the limit.
 */

const maxQueryCost = 50_000;
/** Fields with fragments written out: more are not even counted. */
const maxQueryNodes = 2_000;

const queryWeight = 50;

/** Counts or reads a good part of an application's rows: at most four in one operation. */
const wholeTable = 10_000;
/** Goes through all deliveries of a notification in search of those that match: at most 24. */
const wholeNotification = 2_000;
/** Reads the rows of one person, or counts that grow with days, hours and push services: at most 47. */
const someRows = 1_000;

/** Each field by what it reads; with `filters`, only if one of these arguments is given. */
const heavyFields: Readonly<Record<string, { weight: number; filters?: readonly string[] }>> = {
  'Query.audienceSize': { weight: wholeTable },
  'Query.exportPerson': { weight: wholeTable },
  'Mutation.deletePerson': { weight: wholeTable },
  'Query.queueHealth': { weight: wholeTable },
  'VapidKey.subscriptions': { weight: wholeTable },
  'Mutation.rotateVapidKey': { weight: wholeTable },
  'Mutation.retireVapidKey': { weight: wholeTable },
  'Notification.deliveries': {
    weight: wholeNotification,
    filters: ['status', 'userId', 'pushService', 'reason'],
  },
  'Application.liveSubscriptions': { weight: someRows },
  'Notification.outcomes': { weight: someRows },
  'Query.deliveryHistory': { weight: someRows },
  'Query.deliveryStatistics': { weight: someRows },
  'Query.explainDelivery': { weight: someRows },
  'Query.notifications': { weight: someRows, filters: ['status'] },
  'Query.person': { weight: someRows },
  'Query.personDeliveries': { weight: someRows },
  'Query.pushServiceHealth': { weight: someRows },
  'Query.pushSubscriptions': { weight: someRows, filters: ['userId', 'tag'] },
  'Query.subscriptionStatistics': { weight: someRows },
};

const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);

const estimate: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  const root = rootTypes.has(type.name) ? queryWeight : 0;
  const isPaged = field.args.some(({ name }) => name === 'first');
  const inside = isPaged ? queryWeight + childComplexity * rowsOf(args.first) : childComplexity;
  return 1 + root + heavyWeight(`${type.name}.${field.name}`, args) + inside;
};

function heavyWeight(field: string, args: Readonly<Record<string, unknown>>): number {
  const { weight = 0, filters } = heavyFields[field] ?? {};
  const isGiven = (name: string) => args[name] !== undefined && args[name] !== null;
  return filters === undefined || filters.some(isGiven) ? weight : 0;
}

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

/**
 * A cost changes with numbers of rows, with whether a field is included at all, and with whether a filter is given:
 * with variables that are numbers or booleans, or that can be absent.
 */
function dependsOnVariables({ variableDefinitions = [] }: OperationDefinitionNode): boolean {
  return variableDefinitions.some(({ type }) => {
    if (type.kind !== 'NonNullType') return true;
    return type.type.kind === 'NamedType' && ['Int', 'Boolean'].includes(type.type.name.value);
  });
}
