import { createContext, useContext } from 'react';
import type { ViewerQuery } from '../graphql/operations';

/** The scopes that views ask for. */
export type Scope =
  | 'notifications:send'
  | 'notifications:read'
  | 'subscriptions:read'
  | 'subscriptions:write'
  | 'admin';

/** Who is signed in. */
export interface Session {
  readonly key: string;
  readonly viewer: ViewerQuery['viewer'];
  /** Whether the key may do this: what it may not do is not offered. */
  may(scope: Scope): boolean;
  /** Whether the key is an admin's of the application that makes all others. */
  readonly isPlatformAdmin: boolean;
  signOut(): void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The session of everything below the sign-in page. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('Nobody is signed in.');
  return session;
}
