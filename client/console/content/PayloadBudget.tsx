import { Card, Group, Progress, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { RetryButton } from '../layout/QueryView';
import { inFull } from '../layout/words';
import type { Payload } from './usePayload';

/** How much of what push services take is used, as the server itself counts it. */
export function PayloadBudget({ payload: { query, isWritten } }: { payload: Payload }): ReactNode {
  const size = isWritten && !query.error ? query.data?.payloadSize : undefined;
  const share = size ? (100 * size.bytes) / size.limit : 0;
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" mb={6}>
        <Text size="sm" fw={600}>
          Payload
        </Text>
        <Text
          size="sm"
          c={share > 100 ? 'red' : 'dimmed'}
          className="figure"
          role="status"
          data-testid="payload-size"
        >
          {size ? `${inFull(size.bytes)} of ${inFull(size.limit)} bytes` : '–'}
        </Text>
      </Group>
      <Progress
        value={Math.min(100, share)}
        color={share > 100 ? 'red.6' : share > 85 ? 'yellow.6' : 'teal.6'}
        aria-label="Payload used"
      />
      {isWritten && query.error && (
        <Group justify="space-between" gap="sm" mt="xs">
          <Text size="sm" c="red" role="alert">
            {query.error.message}
          </Text>
          {!isRefusal(query.error) && <RetryButton retry={query.refetch} />}
        </Group>
      )}
    </Card>
  );
}

/** Whether the content is at fault: asked again, the server says the same. */
function isRefusal(error: Error): boolean {
  return 'code' in error && ['BAD_USER_INPUT', 'PAYLOAD_TOO_LARGE'].includes(String(error.code));
}
