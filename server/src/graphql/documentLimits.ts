import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  type ValidationContext,
  type ValidationRule,
  validate,
} from 'graphql';
import { Refusal } from '../model/refusal';

/*
 * What a document may look like. Some of graphql-js' rules take time that grows with the square of the document: few
 * tokens keep that short. The introspection query of tools, the largest document that people write, has 190 tokens and
 * 13 levels.
 */

/** Before a document is parsed to its end: values belong in variables. */
export const parseOptions = { maxTokens: 1_000 } as const;

/** The first few errors tell enough, and names that resemble a wrong one are a map of the schema. */
export const validationOptions = { maxErrors: 10, hideSuggestions: true } as const;

const rejection = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, { message }: GraphQLError) => {
      const refusal = new Refusal('QUERY_TOO_COMPLEX', message.replace(/^Syntax Error: /, ''));
      context?.reportError(new GraphQLError(refusal.message, { originalError: refusal }));
    },
  ],
};

/** In addition to those of the specification. */
export const documentRules: ValidationRule[] = [
  maxDepthRule({ n: 20, flattenFragments: true, ignoreIntrospection: false, ...rejection }),
  maxAliasesRule({ n: 100, allowList: [], ...rejection }),
  maxDirectivesRule({ n: 50, ...rejection }),
];

/**
 * Reads a document as Apollo does over HTTP.
 * @returns the document, or what is wrong with it
 */
export function readDocument(schema: GraphQLSchema, text: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(text, parseOptions);
    const errors = validate(schema, document, [...specifiedRules, ...documentRules], validationOptions);
    return errors.length > 0 ? errors : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
