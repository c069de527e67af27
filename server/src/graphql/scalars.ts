import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLJSONObject } from 'graphql-scalars';

const maxLength = 50;
const rfc3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
/** What four digits of a year can say, in UTC. */
const [earliest, latest] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/** Milliseconds since 1970 inside, RFC 3339 in UTC outside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description:
    'An instant: RFC 3339, answered in UTC with milliseconds, for example `2026-01-31T09:30:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => new Date(Number(value)).toISOString(),
  parseValue: (value) => readInstant(value),
  parseLiteral: (node) => readInstant(node.kind === Kind.STRING ? node.value : undefined),
});

/** A JSON object, for a caller's own data. */
export const JSONObject = new GraphQLScalarType({
  ...GraphQLJSONObject.toConfig(),
  description: 'A JSON object (not an array, not a bare value).',
});

function readInstant(value: unknown): number {
  const text = typeof value === 'string' && value.length <= maxLength ? value.toUpperCase() : '';
  const [, local] = rfc3339.exec(text) ?? [];
  const instant = local !== undefined && isOnCalendar(local) ? Date.parse(text) : Number.NaN;
  if (instant >= earliest && instant <= latest) return instant;
  throw new GraphQLError(
    'DateTime must be an existing date and time in RFC 3339 with a zone, for example 2026-01-31T09:30:00Z.',
  );
}

/** `Date.parse` turns 30 February into 2 March, and 24:00 into the next day. */
function isOnCalendar(local: string): boolean {
  const instant = Date.parse(`${local}Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(local);
}
