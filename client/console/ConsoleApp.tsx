import { Center, Loader, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { BrowserRouter, Navigate, Route, Routes, useLocation } from 'react-router';
import { ConsoleLayout } from './layout/ConsoleLayout';
import { Missing } from './layout/Missing';
import { PageFault } from './layout/PageFault';
import { consolePages } from './layout/pages';
import { serverAddress } from './serverAddress';
import { SessionGate } from './session/SessionGate';
import { useSession } from './session/session';
import { theme } from './theme';

const NotificationPage = lazy(() => import('./notifications/NotificationPage'));
const ApplicationPage = lazy(() => import('./applications/ApplicationPage'));
const PersonPage = lazy(() => import('./people/PersonPage'));

const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? '';
// what keeps the page still behind a dialog looks for it there
Object.assign(globalThis, { __webpack_nonce__: nonce });

const queryClient = new QueryClient({
  defaultOptions: {
    // the server may be on this very machine: whether there is internet does not matter
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 2_000,
      // what the caller did wrong does not get better by asking again
      retry: (count, error) =>
        count < 2 && 'code' in error && ['NETWORK', 'UNAVAILABLE'].includes(String(error.code)),
      refetchOnWindowFocus: true,
    },
  },
});

/** Colours, cache, session and routes. */
export function ConsoleApp(): ReactNode {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queryClient}>
        <PageFault place="">
          <SessionGate>
            <BrowserRouter basename={new URL(serverAddress('console')).pathname}>
              <SignedIn />
            </BrowserRouter>
          </SessionGate>
        </PageFault>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** The pages that the key opens; the first of them is home. */
function SignedIn(): ReactNode {
  const session = useSession();
  const { may, isPlatformAdmin } = session;
  const { pathname } = useLocation();
  const pages = consolePages.filter(
    ({ scopes, platform }) => (scopes.length === 0 || scopes.some(may)) && (!platform || isPlatformAdmin),
  );
  const offered = pages.filter(({ isOffered }) => isOffered?.(session) ?? true);
  return (
    <ConsoleLayout pages={offered}>
      <PageFault place={pathname}>
        <Suspense fallback={<PageLoader />}>
          <Routes>
            <Route path="/" element={<Navigate to={`/${offered[0]?.path ?? 'playground'}`} replace />} />
            {pages.map(({ path, Page }) => (
              <Route key={path} path={`/${path}`} element={<Page />} />
            ))}
            {may('notifications:read') && <Route path="/notifications/:id" element={<NotificationPage />} />}
            {may('subscriptions:read') && <Route path="/people/:userId" element={<PersonPage />} />}
            {isPlatformAdmin && <Route path="/applications/:id" element={<ApplicationPage />} />}
            <Route
              path="*"
              element={
                <Missing
                  title="There is no such page"
                  why="Or this key does not open it."
                  backTo="/"
                  back="To the first page"
                />
              }
            />
          </Routes>
        </Suspense>
      </PageFault>
    </ConsoleLayout>
  );
}

function PageLoader(): ReactNode {
  return (
    <Center h={240}>
      <Loader role="status" aria-label="Loading the page" />
    </Center>
  );
}
