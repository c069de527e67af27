import { Anchor, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { contentFacts } from '../content/contentFacts';
import type { NotificationPageQuery } from '../graphql/operations';
import { Facts } from '../layout/Facts';
import { Panel } from '../layout/Panel';
import { asDuration, asInstant } from '../layout/words';
import { audienceInWords } from './audienceInWords';
import { titleOf } from './titleOf';

type Notification = NonNullable<NotificationPageQuery['notification']>;

/** What people see, whom it is for, and how it was to be sent. */
export function ContentPanel({ notification }: { notification: Notification }): ReactNode {
  const { content, audience, createdAt, sendAt, expiresAt, completedAt } = notification;
  const word = (name: string) => (typeof content?.[name] === 'string' ? String(content[name]) : undefined);
  const navigate = word('navigate');
  return (
    <Panel title="Content and delivery">
      <Text fw={600} dir="auto" className="breakable">
        {titleOf(content)}
      </Text>
      <Text size="sm" mb="md" dir="auto" className="as-written">
        {word('body')}
      </Text>
      <Facts
        facts={[
          ['For', audienceInWords(audience)],
          [
            'Opens',
            navigate && (
              <Anchor href={navigate} target="_blank" rel="noreferrer noopener" size="sm">
                {navigate}
              </Anchor>
            ),
          ],
          ...contentFacts(content ?? {}),
          ['Sent by', notification.sentBy],
          ['Made', asInstant(createdAt)],
          ['To be sent', sendAt && asInstant(sendAt)],
          ['Not after', expiresAt && asInstant(expiresAt)],
          ['Finished', completedAt && asInstant(completedAt)],
          ['Time to live', notification.ttl !== null && asDuration(notification.ttl)],
          ['Urgency', notification.urgency?.toLowerCase().replace('_', ' ')],
          ['Topic', notification.topic],
          ['Lane', notification.lane?.toLowerCase()],
        ]}
      />
    </Panel>
  );
}
