import { Center, Loader } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { forgetDraft } from '../compose/forgetDraft';
import { callApi } from '../graphql/callApi';
import { ViewerDocument } from '../graphql/operations';
import { SignInPage } from './SignInPage';
import { type Session, SessionContext } from './session';
import { readStoredKey, storeKey } from './storedKey';
import { isRefusedKey, useRefusedKey } from './useRefusedKey';

/** Shows the console to a valid secret key, and the way in to everybody else. */
export function SessionGate({ children }: { children: ReactNode }): ReactNode {
  const [key, setKey] = useState(readStoredKey);
  const client = useQueryClient();
  const asked = useQuery({
    queryKey: ['viewer', key],
    queryFn: () => callApi(key, ViewerDocument, {}),
    enabled: key !== '',
    retry: false,
    staleTime: 60_000,
  });
  useRefusedKey();
  const viewer = isRefusedKey(asked.error) ? undefined : asked.data?.viewer;
  const session = useMemo<Session | undefined>(() => {
    if (viewer?.kind !== 'SECRET') return undefined;
    return {
      key,
      viewer,
      may: (scope) => viewer.scopes.includes('admin') || viewer.scopes.includes(scope),
      isPlatformAdmin: viewer.applicationName === 'default' && viewer.scopes.includes('admin'),
      signOut: () => {
        storeKey('');
        forgetDraft();
        setKey('');
        client.clear();
      },
    };
  }, [key, viewer, client]);
  if (session) return <SessionContext value={session}>{children}</SessionContext>;
  if (key !== '' && asked.isPending) {
    return (
      <Center mih="100dvh">
        <Loader role="status" aria-label="Signing in" />
      </Center>
    );
  }
  const signIn = (next: string) => {
    storeKey(next);
    setKey(next);
    if (next === key) void asked.refetch();
    // what another key was told is not this one's
    else client.clear();
  };
  return (
    <SignInPage
      fault={key === '' ? undefined : faultOf(asked.error, viewer?.kind)}
      onRetry={asked.error && !isRefusedKey(asked.error) ? asked.refetch : undefined}
      onSignIn={signIn}
    />
  );
}

function faultOf(error: Error | null, kind: string | undefined): string | undefined {
  if (kind === 'PUBLISHABLE') return 'This is a publishable key. The console takes a secret one: fs_…';
  if (!error) return undefined;
  return isRefusedKey(error) ? 'The server does not know this key, or it was revoked.' : error.message;
}
