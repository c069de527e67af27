import { Button, Checkbox, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type ApiKeyKind, CreateApiKeyDocument } from '../graphql/operations';
import { useApiMutation } from '../graphql/useApi';
import { NewSecrets } from '../layout/NewSecrets';
import { QueryFault } from '../layout/QueryView';

const scopes = [
  ['notifications:send', 'Send and cancel notifications'],
  ['notifications:read', 'See the notifications it sent'],
  ['subscriptions:read', 'See people and their browsers'],
  ['subscriptions:write', 'Register and retire browsers'],
  ['admin', 'Everything, keys included'],
] as const;

/** Makes a key, of the own application unless another one is named, and shows its secret, the only time. */
export function CreateKeyDialog(props: { applicationId?: string; onClose: () => void }): ReactNode {
  const { applicationId, onClose } = props;
  const create = useApiMutation(CreateApiKeyDocument);
  const secret = create.data?.createApiKey.secret;
  // nothing but "Done" ends the only view of it
  const mayHaveSecret = create.isPending || secret !== undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={secret ? 'Your new key' : 'Create a key'}
      closeOnClickOutside={!mayHaveSecret}
      closeOnEscape={!mayHaveSecret}
      withCloseButton={!mayHaveSecret}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {secret ? (
        <NewSecrets secrets={[['Key', secret]]} onClose={onClose} />
      ) : (
        <KeyForm
          error={create.error}
          pending={create.isPending}
          onCreate={(name, kind, chosen) =>
            create.mutate({
              input: {
                ...{ name, kind },
                ...(kind === 'SECRET' && { scopes: chosen }),
                ...(applicationId && { applicationId }),
              },
            })
          }
        />
      )}
    </Modal>
  );
}

function KeyForm(props: {
  error: Error | null;
  pending: boolean;
  onCreate: (name: string, kind: ApiKeyKind, scopes: string[]) => void;
}): ReactNode {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<ApiKeyKind>('SECRET');
  const [chosen, setChosen] = useState<string[]>(['notifications:send', 'notifications:read']);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onCreate(name.trim(), kind, chosen);
  };
  const ready = name.trim() !== '' && (kind === 'PUBLISHABLE' || chosen.length > 0);
  return (
    <form onSubmit={submit}>
      <Stack>
        {props.error && <QueryFault error={props.error} />}
        <TextInput
          label="Name"
          description="Who will hold it"
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <SegmentedControl
          aria-label="Kind"
          fullWidth
          value={kind}
          onChange={(value) => setKind(value as ApiKeyKind)}
          data={[
            { value: 'SECRET', label: 'Secret' },
            { value: 'PUBLISHABLE', label: 'Publishable' },
          ]}
        />
        <Text size="sm" c="dimmed">
          {kind === 'SECRET'
            ? 'For a back end, which keeps it to itself.'
            : 'For web pages, where everybody may read it: it subscribes browsers, and nothing else.'}
        </Text>
        {kind === 'SECRET' && (
          <Checkbox.Group label="It may" value={chosen} onChange={setChosen}>
            <Stack gap="xs" mt="xs">
              {scopes.map(([value, label]) => (
                <Checkbox key={value} value={value} label={label} description={value} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <Group justify="flex-end">
          <Button type="submit" disabled={!ready} loading={props.pending}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
