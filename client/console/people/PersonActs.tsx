import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import type { ComposeStart } from '../compose/composeStart';
import { callApi } from '../graphql/callApi';
import { DeletePersonDocument, ExportPersonDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { QueryFault } from '../layout/QueryView';
import { useConfirm } from '../layout/useConfirm';
import { useSession } from '../session/session';
import { saveJson } from './saveJson';

/** What can be done for a person: send, hand out what is kept, forget. */
export function PersonActs({ userId }: { userId: string }): ReactNode {
  const { may } = useSession();
  const navigate = useNavigate();
  const state: ComposeStart = { content: {}, audience: { userIds: [userId] } };
  return (
    <>
      {may('admin') && <PrivacyActs userId={userId} />}
      {may('notifications:send') && (
        <Button onClick={() => navigate('/compose', { state })}>Send a notification</Button>
      )}
    </>
  );
}

function PrivacyActs({ userId }: { userId: string }): ReactNode {
  const { key } = useSession();
  const navigate = useNavigate();
  const forget = useApiMutation(DeletePersonDocument);
  const hand = useMutation({
    mutationFn: () => callApi(key, ExportPersonDocument, { userId }),
    onSuccess: ({ exportPerson }) => saveJson(`${userId}.json`, exportPerson),
  });
  const { ask, dialog } = useConfirm({
    title: `Forget ${userId}?`,
    text: 'Every browser of this person is deleted with its tags, and the user id is taken out of the audiences that name it. This cannot be undone.',
    act: 'Forget this person',
    dangerous: true,
    onConfirm: () => forget.mutate({ userId }, { onSuccess: () => navigate('/people') }),
  });
  const error = forget.error ?? hand.error;
  return (
    <>
      {dialog}
      {error && <QueryFault error={error} />}
      <Button variant="default" onClick={() => hand.mutate()} loading={hand.isPending}>
        Export
      </Button>
      <Button variant="light" color="red" onClick={ask} loading={forget.isPending}>
        Forget
      </Button>
    </>
  );
}
