import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';

interface QueryViewProps<Data> {
  readonly query: UseQueryResult<Data, Error>;
  readonly children: (data: Data) => ReactNode;
  /** Says what there is nothing of; asked of every answer. */
  readonly empty?: (data: Data) => ReactNode | false;
  /** Height of what stands in while the answer is awaited. */
  readonly height?: number;
}

/** Loading, failed, empty, or there: every answer of the API is shown through this. */
export function QueryView<Data>({ query, children, empty, height = 160 }: QueryViewProps<Data>): ReactNode {
  const lastError = useRef(query.error);
  if (query.error) lastError.current = query.error;
  // what failed is asked for anew without a sign of it: nothing comes and goes while it goes on failing
  const hasFailed = query.data === undefined && query.errorUpdateCount > 0;
  if (query.isPending && !hasFailed)
    return <Skeleton height={height} radius="md" aria-label="Loading" role="status" />;
  const retry = () => query.refetch();
  if (query.data === undefined)
    return <QueryFault error={query.error ?? lastError.current} retry={retry} isAlone />;
  const nothing = empty?.(query.data) ?? false;
  return (
    <>
      {query.error && <QueryFault error={query.error} retry={retry} />}
      {nothing || children(query.data)}
    </>
  );
}

/** What the API refused, with the way to ask again. */
export function QueryFault(props: {
  error: Error | null;
  retry?: () => Promise<unknown>;
  /** Nothing follows below it. */
  isAlone?: boolean;
}): ReactNode {
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      title={props.retry ? 'This could not be loaded' : 'This was not done'}
      mb={props.isAlone ? 0 : 'md'}
    >
      <Group justify="space-between" gap="sm">
        <Text size="sm">{props.error?.message ?? 'The server did not answer.'}</Text>
        {props.retry && <RetryButton retry={props.retry} />}
      </Group>
    </Alert>
  );
}

/** Asks again, and shows that it does. */
export function RetryButton({ retry }: { retry: () => Promise<unknown> }): ReactNode {
  const [isRetrying, setRetrying] = useState(false);
  const press = () => {
    setRetrying(true);
    void retry().finally(() => setRetrying(false));
  };
  return (
    <Button size="xs" variant="default" onClick={press} loading={isRetrying}>
      Try again
    </Button>
  );
}

/** Says that there is nothing yet, and what brings something. */
export function Nothing(props: { title: string; children?: ReactNode }): ReactNode {
  return (
    <Stack align="center" gap={4} py="xl" ta="center">
      <Text fw={600}>{props.title}</Text>
      <Text size="sm" c="dimmed" maw={460} component="div">
        {props.children}
      </Text>
    </Stack>
  );
}
