import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { PageHeader } from './PageHeader';

interface PageFaultProps {
  readonly children: ReactNode;
  /** Where the reader is: another place is tried anew. */
  readonly place: string;
}

interface PageFaultState {
  readonly error: Error | undefined;
}

/** Stands in for what could not be shown, so that the rest of the console stays. */
export class PageFault extends Component<PageFaultProps, PageFaultState> {
  override state: PageFaultState = { error: undefined };

  static getDerivedStateFromError(cause: unknown): PageFaultState {
    return { error: cause instanceof Error ? cause : new Error(String(cause)) };
  }

  override componentDidUpdate(before: PageFaultProps): void {
    if (this.state.error && before.place !== this.props.place) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? <Fault error={error} /> : this.props.children;
  }
}

function Fault({ error }: { error: Error }): ReactNode {
  return (
    <>
      <PageHeader title="This page could not be shown" />
      <Alert color="red" variant="light" role="alert">
        <Stack align="flex-start" gap="sm">
          <Text size="sm">An error occurred in the console:</Text>
          <Code className="breakable">{error.message}</Code>
          <Text size="sm">
            If Fanfare was upgraded after this tab was opened, or its server could not be reached, reloading
            helps.
          </Text>
          <Button size="xs" variant="default" onClick={() => location.reload()}>
            Reload
          </Button>
        </Stack>
      </Alert>
    </>
  );
}
