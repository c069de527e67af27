import { Button, type ButtonVariant, Group, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';

interface UserIdFormProps {
  readonly label: string;
  readonly description: string;
  /** What its button says. */
  readonly act: string;
  readonly variant?: ButtonVariant;
  readonly onUserId: (userId: string) => void;
}

/** Asks for a user id, and passes it on without the space around it. */
export function UserIdForm({
  label,
  description,
  act,
  variant = 'filled',
  onUserId,
}: UserIdFormProps): ReactNode {
  const [typed, setTyped] = useState('');
  const userId = typed.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (userId !== '') onUserId(userId);
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <TextInput
          flex={1}
          label={label}
          description={description}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant={variant} disabled={userId === ''}>
          {act}
        </Button>
      </Group>
    </form>
  );
}
