import { Button, Group, PasswordInput, Stack, Switch, Text, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ConfigureUserProofDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { Panel } from '../layout/Panel';
import { QueryFault } from '../layout/QueryView';
import { StatusBadge } from '../layout/StatusBadge';
import { useConfirm } from '../layout/useConfirm';
import type { Application } from './settingsDraft';

/** How web pages prove their users; for the application of the key that is signed in. Keys go in and never come out. */
export function UserProofPanel({ application }: { application: Application }): ReactNode {
  const [sharedSecret, setSharedSecret] = useState('');
  const [publicKey, setPublicKey] = useState('');
  const configure = useApiMutation(ConfigureUserProofDocument);
  const { ask, dialog } = useConfirm({
    title: 'Remove the keys?',
    text: 'No web page can prove a user any more until there is a new key.',
    act: 'Remove them',
    dangerous: true,
    onConfirm: () => configure.mutate({ input: { sharedSecret: null, publicKey: null } }),
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    const input = { ...(sharedSecret && { sharedSecret }), ...(publicKey.trim() && { publicKey }) };
    configure.mutate(
      { input },
      {
        onSuccess: () => {
          setSharedSecret('');
          setPublicKey('');
        },
      },
    );
  };
  return (
    <Panel
      title="Proof of users"
      aside={<StatusBadge status={application.canProveUsers ? 'PROVABLE' : 'NO_KEY'} />}
    >
      {dialog}
      {configure.error && <QueryFault error={configure.error} />}
      <form onSubmit={save}>
        <Stack>
          <Switch
            label="A browser that names a user must prove it"
            description="With a token that your back end signs: the X-Fanfare-User header"
            checked={application.requireUserProof}
            disabled={configure.isPending}
            onChange={(event) => configure.mutate({ input: { required: event.currentTarget.checked } })}
          />
          <PasswordInput
            label="Shared secret (HS256)"
            description="32 to 400 bytes; replaces the one that is stored"
            autoComplete="off"
            value={sharedSecret}
            onChange={(event) => setSharedSecret(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the secret' }}
          />
          <Textarea
            label="Public key (ES256)"
            description="P-256, PEM or JWK; replaces the one that is stored"
            autosize
            minRows={2}
            maxRows={8}
            spellCheck={false}
            value={publicKey}
            onChange={(event) => setPublicKey(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Text size="sm" c="dimmed" role="status">
              {configure.isSuccess && 'Saved.'}
            </Text>
            {application.canProveUsers && (
              <Button variant="light" color="red" onClick={ask}>
                Remove the keys
              </Button>
            )}
            <Button
              type="submit"
              disabled={sharedSecret === '' && publicKey.trim() === ''}
              loading={configure.isPending}
            >
              Store the key
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
