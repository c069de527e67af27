import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Lexer,
  parse,
  Source,
  specifiedRules,
  TokenKind,
  type ValidationContext,
  type ValidationRule,
  validate,
} from 'graphql';
import { Refusal } from '../../model/refusal';

/*
 * What a document may look like. Some of graphql-js' rules take time that grows with the square of the document: few
 * tokens keep that short. The introspection query of tools, the largest document that people write, has 190 tokens and
 * 13 levels.
 */

/** Before a document is parsed to its end: values belong in variables. */
export const parseOptions = { maxTokens: 1_000 } as const;

/** Web pages send the SDK's documents, of at most 40 tokens, or little more. */
const publicLimits = { tokens: 100, characters: 10_000 } as const;
/** Tools read the schema without a key where it is not hidden: in development. */
const introspectionTokens = 250;

/**
 * Limits what a caller without a secret key sends, before it is parsed: validating 1,000 tokens takes 50 ms.
 * @throws Refusal QUERY_TOO_COMPLEX
 */
export function refuseLargePublicDocument(text: string): void {
  const maxTokens = text.includes('__schema') ? introspectionTokens : publicLimits.tokens;
  if (text.length <= publicLimits.characters && !hasMoreTokens(text, maxTokens)) return;
  throw new Refusal(
    'QUERY_TOO_COMPLEX',
    `Without a secret key a document has at most ${maxTokens} tokens and ${publicLimits.characters} characters.`,
  );
}

function hasMoreTokens(text: string, maxTokens: number): boolean {
  const lexer = new Lexer(new Source(text));
  try {
    for (let count = 0; count <= maxTokens; count += 1) {
      if (lexer.advance().kind === TokenKind.EOF) return false;
    }
    return true;
  } catch {
    // the parser answers what is not GraphQL
    return false;
  }
}

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
