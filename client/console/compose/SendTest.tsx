import { Anchor, Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { contentOf } from '../content/contentOf';
import { callApi } from '../graphql/callApi';
import { SendNotificationDocument } from '../graphql/operations';
import { useSession } from '../session/session';
import type { Draft } from './draft';
import { subscribeThisBrowser } from './testBrowser';

/** Sends the content to this very browser, subscribed on the spot. */
export function SendTest({ draft, enabled }: { draft: Draft; enabled: boolean }): ReactNode {
  const session = useSession();
  const test = useMutation({
    mutationFn: async () => {
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
      <Button variant="default" disabled={!enabled} loading={test.isPending} onClick={() => test.mutate()}>
        Send a test to this browser
      </Button>
      <Text size="sm" role="status" c={test.error ? 'red' : 'dimmed'}>
        {test.error?.message}
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
