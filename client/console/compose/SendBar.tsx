import { Button, Card, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { contentOf } from '../content/contentOf';
import type { Payload } from '../content/usePayload';
import { SendNotificationDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { QueryFault } from '../layout/QueryView';
import { useConfirm } from '../layout/useConfirm';
import { inFull } from '../layout/words';
import { audienceOf, type Draft, inputOf } from './draft';
import { SendTest } from './SendTest';
import type { useDraft } from './useDraft';

/** A broadcast this large is asked about, however it is named. */
const manyBrowsers = 1_000;

interface SendBarProps {
  readonly written: ReturnType<typeof useDraft>;
  /** How many browsers the audience of the draft has; undefined until it is counted. */
  readonly count: number | undefined;
  readonly payload: Payload;
}

/** The last step: a test to oneself, then to everybody it is for. */
export function SendBar({ written, count, payload }: SendBarProps): ReactNode {
  const { draft, idempotencyKey, forget } = written;
  const { fits } = payload;
  const navigate = useNavigate();
  const send = useApiMutation(SendNotificationDocument);
  const input = inputOf(draft, idempotencyKey);
  const go = () => {
    if (!input || count === undefined) return;
    send.mutate(
      { input },
      {
        onSuccess: ({ sendNotification }) => {
          forget();
          navigate(`/notifications/${sendNotification.notification.id}`);
        },
      },
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
            {whyNotYet(draft, count, payload)}
          </Text>
        </div>
        <SendTest draft={draft} enabled={fits && contentOf(draft) !== undefined} />
      </Stack>
    </Card>
  );
}

/** What is missing before it can be sent; undefined when nothing is that the form knows of. */
function whyNotYet(draft: Draft, count: number | undefined, payload: Payload): string | undefined {
  if (draft.title.trim() === '') return 'It needs a title.';
  if (!contentOf(draft)) return 'Something that is marked red has to be mended first.';
  if (!audienceOf(draft)) return 'It needs an audience.';
  if (count === undefined) return 'It is sent once its audience is counted.';
  if (count === 0) return 'No browser is in this audience.';
  if (payload.isRefused) return whyRefused(payload);
  return inputOf(draft, '') ? undefined : 'The time it is to be sent at does not exist.';
}

function whyRefused({ query }: Payload): string {
  return query.error
    ? 'The payload was not measured, or is refused: see there.'
    : 'The payload is larger than push services take.';
}
