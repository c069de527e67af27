export const apiKeyKinds = ['PUBLISHABLE', 'SECRET'] as const;

/** Publishable keys stand in web pages and only subscribe; secret keys belong to back ends and have scopes. */
export type ApiKeyKind = (typeof apiKeyKinds)[number];

export const apiKeyScopes = [
  'notifications:send',
  'notifications:read',
  'subscriptions:read',
  'subscriptions:write',
  'admin',
] as const;

/** What a secret key may do. `admin` includes all others and shows every key's notifications. */
export type ApiKeyScope = (typeof apiKeyScopes)[number];
