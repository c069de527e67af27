import { Button, Card, Stack, Text } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useNavigate } from 'react-router';
import { contentOf } from '../content/contentOf';
import { SendNotificationDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { QueryFault } from '../layout/QueryView';
import { useConfirm } from '../layout/useConfirm';
import { inFull } from '../layout/words';
import { audienceOf, type Draft, inputOf } from './draft';
import { SendTest } from './SendTest';

/** A broadcast this large is asked about, however it is named. */
const manyBrowsers = 1_000;

/** The last step: a test to oneself, then to everybody it is for. */
export function SendBar(props: { draft: Draft; count: number | undefined; fits: boolean }): ReactNode {
  const { draft, count, fits } = props;
  const navigate = useNavigate();
  const send = useApiMutation(SendNotificationDocument);
  const once = useIdempotencyKey(draft);
  const input = inputOf(draft, once());
  const go = () => {
    if (!input || count === undefined) return;
    send.mutate(
      { input },
      { onSuccess: ({ sendNotification }) => navigate(`/notifications/${sendNotification.notification.id}`) },
    );
  };
  const { ask, dialog } = useConfirm({
    title: draft.audienceKind === 'everyone' ? 'Send to everyone?' : 'Send to so many?',
    text: `“${draft.title}” goes to ${inFull(count ?? 0)} browsers${draft.sendAt ? ' at the time you chose' : ' now'}. What is sent cannot be called back.`,
    act: `Send to ${inFull(count ?? 0)}`,
    onConfirm: go,
  });
  const careful = draft.audienceKind === 'everyone' || (count ?? 0) >= manyBrowsers;
  return (
    <Card withBorder padding="md">
      {dialog}
      {send.error && <QueryFault error={send.error} />}
      <Stack gap="xs">
        <div>
          <Button
            size="md"
            fullWidth
            disabled={!input || !fits || count === undefined || count === 0}
            loading={send.isPending}
            onClick={careful ? ask : go}
          >
            {draft.sendAt ? 'Schedule' : 'Send'}
            {count !== undefined &&
              count > 0 &&
              ` to ${inFull(count)} ${count === 1 ? 'browser' : 'browsers'}`}
          </Button>
          <Text size="sm" c="dimmed" role="status">
            {whyNotYet(draft, count)}
          </Text>
        </div>
        <SendTest draft={draft} enabled={fits && contentOf(draft) !== undefined} />
      </Stack>
    </Card>
  );
}

/** One key for each thing to send: a click that is repeated after a lost answer sends nothing twice. */
function useIdempotencyKey(draft: Draft): () => string {
  const last = useRef<{ draft: Draft; key: string }>(undefined);
  return () => {
    if (last.current?.draft !== draft) last.current = { draft, key: `console ${crypto.randomUUID()}` };
    return last.current.key;
  };
}

/** What is missing before it can be sent; undefined when nothing is that the form knows of. */
function whyNotYet(draft: Draft, count: number | undefined): string | undefined {
  if (draft.title.trim() === '') return 'It needs a title.';
  if (!contentOf(draft)) return 'Something that is marked red has to be mended first.';
  if (!audienceOf(draft)) return 'It needs an audience.';
  if (count === undefined) return 'It is sent once its audience is counted.';
  if (count === 0) return 'No browser is in this audience.';
  return inputOf(draft, '') ? undefined : 'The time it is to be sent at does not exist.';
}
