import { Anchor, Button, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { askPermission } from '../../sdk/askPermission';
import { contentOf } from '../content/contentOf';
import { callApi } from '../graphql/callApi';
import { SendNotificationDocument } from '../graphql/operations';
import { type Session, useSession } from '../session/session';
import type { Draft } from './draft';
import { findPublishableKey, subscribeThisBrowser } from './testBrowser';

/** Sends the content to this very browser, subscribed on the spot. */
export function SendTest({ draft, enabled }: { draft: Draft; enabled: boolean }): ReactNode {
  const session = useSession();
  const why = useWhyNot(session);
  const test = useMutation({
    mutationFn: async (permission: Promise<void>) => {
      await permission;
      const content = contentOf(draft);
      if (!content) throw new Error('Give it a title first, and mend what is marked red.');
      const id = await subscribeThisBrowser(session);
      const input = { audience: { subscriptionIds: [id] }, content, ttl: 300, urgency: 'HIGH' as const };
      const sent = await callApi(session.key, SendNotificationDocument, { input });
      return sent.sendNotification.notification.id;
    },
  });
  return (
    <>
      <Button
        variant="default"
        disabled={!enabled || why !== undefined}
        loading={test.isPending}
        // at once: browsers ask only as long as they see that a person clicked
        onClick={() => test.mutate(askPermission())}
      >
        Send a test to this browser
      </Button>
      <Text size="sm" role="status" c={test.error ? 'red' : 'dimmed'}>
        {test.error?.message ?? why}
        {test.data && (
          <>
            The test is on its way.{' '}
            {session.may('notifications:read') && (
              <Anchor component={Link} to={`/notifications/${test.data}`} size="sm">
                See what became of it
              </Anchor>
            )}
          </>
        )}
      </Text>
    </>
  );
}

/** Why this key cannot subscribe this browser; undefined when it can, or while that is being found out. */
function useWhyNot(session: Session): string | undefined {
  const mayMakeKey = session.may('admin');
  const known = useQuery({
    queryKey: ['publishable key', session.viewer.applicationId],
    queryFn: async () => (await findPublishableKey(session)) !== undefined,
    enabled: !mayMakeKey,
  });
  if (mayMakeKey || known.data !== false) return undefined;
  return 'A test to this browser takes a key with the scope admin, which makes a publishable key to subscribe with.';
}
