import { type ApiKeyKind, type ApiKeyScope, apiKeyScopes } from '../../model/apiKey';
import { checkName, refuse } from '../fields';
import type { CreateApiKeyInput } from './apiKeyType';

const maxNameLength = 100;

/** A key as an admin asked for it, checked. */
export interface ApiKeyFields {
  readonly name: string;
  readonly kind: ApiKeyKind;
  readonly scopes: ApiKeyScope[];
}

/** @throws Refusal BAD_USER_INPUT with the path of the field at fault */
export function readCreateApiKey(input: CreateApiKeyInput): ApiKeyFields {
  const path = ['input', 'scopes'];
  const scopes = (input.scopes ?? []).map((scope, index) => readScope(scope, index));
  if (input.kind === 'PUBLISHABLE' && scopes.length > 0) refuse(path, 'A publishable key has no scopes.');
  if (input.kind === 'SECRET' && scopes.length === 0) refuse(path, 'A secret key needs at least one scope.');
  return {
    name: checkName(input.name, ['input', 'name'], maxNameLength),
    kind: input.kind,
    scopes: apiKeyScopes.filter((scope) => scopes.includes(scope)),
  };
}

function readScope(value: string, index: number): ApiKeyScope {
  const scope = apiKeyScopes.find((known) => known === value);
  return scope ?? refuse(['input', 'scopes', index], `Must be one of ${apiKeyScopes.join(', ')}.`);
}
