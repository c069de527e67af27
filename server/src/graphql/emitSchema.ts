import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildFanfareSchema } from './schema';

/** The schema as SDL: sorted, so that the same code always gives the same text. */
export function schemaText(): string {
  return `${printSchema(lexicographicSortSchema(buildFanfareSchema()))}\n`;
}
