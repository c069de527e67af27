import { Alert, Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { ResumeApplicationDocument, StopApplicationDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { QueryFault } from '../layout/QueryView';
import { useConfirm } from '../layout/useConfirm';
import { asInstant } from '../layout/words';
import type { Application } from './settingsDraft';

/** Stops everything that an application sends, or says that it is stopped and resumes it. */
export function StopApplication({ application }: { application: Application }): ReactNode {
  const { id, name, stoppedAt } = application;
  const stop = useApiMutation(StopApplicationDocument);
  const resume = useApiMutation(ResumeApplicationDocument);
  const { ask, dialog } = useConfirm({
    title: `Stop “${name}”?`,
    text: 'Its keys are refused at once, and everything that it has scheduled or is sending is cancelled. Its admin keys can still read and resume it. What is cancelled stays cancelled.',
    act: 'Stop it',
    dangerous: true,
    onConfirm: () => stop.mutate({ id }),
  });
  const error = stop.error ?? resume.error;
  return (
    <>
      {dialog}
      {error && <QueryFault error={error} />}
      {stoppedAt === null ? (
        <Group>
          <Button color="red" variant="default" onClick={ask} loading={stop.isPending}>
            Stop this application
          </Button>
        </Group>
      ) : (
        <Alert color="red" title={`Stopped on ${asInstant(stoppedAt)}`}>
          <Group justify="space-between">
            Its keys are refused, and nothing is sent.
            <Button variant="default" onClick={() => resume.mutate({ id })} loading={resume.isPending}>
              Resume it
            </Button>
          </Group>
        </Alert>
      )}
    </>
  );
}
