import { Alert, Button, Card, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { FanfareMark } from '../layout/FanfareMark';
import { RetryButton } from '../layout/QueryView';
import { readDevelopmentKey } from './readDevelopmentKey';

interface SignInPageProps {
  readonly fault: string | undefined;
  /** Asks again with the key that this tab has; undefined where that leads to nothing. */
  readonly onRetry: (() => Promise<unknown>) | undefined;
  readonly onSignIn: (key: string) => void;
}

/** The way in: a secret key, kept in this tab only. */
export function SignInPage(props: SignInPageProps): ReactNode {
  const [key, setKey] = useState('');
  const demoKey = useDevelopmentKey();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== '') props.onSignIn(key.trim());
  };
  return (
    <main className="sign-in">
      <Card withBorder shadow="md" p="xl" radius="lg" w="100%" maw={440}>
        <form onSubmit={submit}>
          <Stack>
            <Group gap="sm">
              <FanfareMark size={44} />
              <div>
                <Title order={1} size="h3">
                  Fanfare console
                </Title>
                <Text size="sm" c="dimmed">
                  Sign in with a secret key
                </Text>
              </div>
            </Group>
            <PasswordInput
              label="Secret key"
              description="It stays in this browser tab and goes when you close it."
              placeholder="fs_…"
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
              data-autofocus
            />
            {props.fault && (
              <Alert color="red" role="alert" variant="light">
                <Group justify="space-between" gap="sm">
                  <Text size="sm">{props.fault}</Text>
                  {props.onRetry && <RetryButton retry={props.onRetry} />}
                </Group>
              </Alert>
            )}
            <Button type="submit" size="md" disabled={key.trim() === ''}>
              Sign in
            </Button>
            {demoKey && (
              <Button
                variant="default"
                h="auto"
                py="xs"
                styles={{ label: { whiteSpace: 'normal', lineHeight: 1.35 } }}
                onClick={() => props.onSignIn(demoKey)}
              >
                Use this development server’s demo key
              </Button>
            )}
            <Text size="xs" c="dimmed">
              The admin key was printed when the server first started. Another one:{' '}
              <code>npx fanfare keys create --name console --scopes admin</code>
            </Text>
          </Stack>
        </form>
      </Card>
    </main>
  );
}

function useDevelopmentKey(): string | undefined {
  const [key, setKey] = useState<string>();
  useEffect(() => {
    readDevelopmentKey().then(setKey);
  }, []);
  return key;
}
