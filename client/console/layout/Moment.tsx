import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { asInstant, fromNow } from './words';

/** A point in time as its distance from now, with date and hour for the pointer; `isExact` shows these to everybody. */
export function Moment(props: {
  at: string | null | undefined;
  never?: string;
  isExact?: boolean;
}): ReactNode {
  const { at, never = '–', isExact = false } = props;
  if (!at) return never;
  return (
    <time dateTime={at} title={asInstant(at)}>
      {fromNow(at)}
      {isExact && (
        <Text component="span" display="block" size="xs" c="dimmed">
          {asInstant(at)}
        </Text>
      )}
    </time>
  );
}
