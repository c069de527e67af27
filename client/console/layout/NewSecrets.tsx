import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Shows fresh keys, by name, the only time that anybody can. */
export function NewSecrets(props: {
  secrets: readonly (readonly [name: string, secret: string])[];
  onClose: () => void;
}): ReactNode {
  return (
    <Stack>
      <Alert color="yellow" variant="light">
        Copy what you need now: it is stored nowhere and cannot be shown again.
      </Alert>
      {props.secrets.map(([name, secret]) => (
        <div key={name}>
          <Group justify="space-between" mb={4}>
            <Text size="sm" fw={600}>
              {name}
            </Text>
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="default" onClick={copy} aria-label={`Copy: ${name}`}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Code block className="secret" data-testid="secret">
            {secret}
          </Code>
        </div>
      ))}
      <Group justify="flex-end">
        <Button onClick={props.onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
