import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DeliveryStatus, NotificationStatus } from '../graphql/operations';

type Status =
  | DeliveryStatus
  | NotificationStatus
  | 'DISPLAYED'
  | 'CLICKED'
  | 'LIVE'
  | 'RETIRED'
  | 'REVOKED'
  | 'PROVABLE'
  | 'NO_KEY';

/** The colour of a status, the same in badges and charts; Mantine's names. */
export const statusColors: Record<Status, string> = {
  SCHEDULED: 'indigo',
  SENDING: 'blue',
  COMPLETED: 'teal',
  PENDING: 'blue',
  ACCEPTED: 'teal',
  DISPLAYED: 'grape',
  CLICKED: 'orange',
  GONE: 'gray',
  REJECTED: 'red',
  EXPIRED: 'yellow',
  EXHAUSTED: 'pink',
  CANCELLED: 'gray',
  LIVE: 'teal',
  RETIRED: 'gray',
  REVOKED: 'gray',
  PROVABLE: 'teal',
  NO_KEY: 'gray',
};

/** A status as a word on its colour. */
export function StatusBadge({ status }: { status: Status }): ReactNode {
  return (
    <Badge variant="default" size="sm" className="status" data-status={status}>
      <span
        className="status-dot"
        style={{ backgroundColor: `var(--mantine-color-${statusColors[status]}-6)` }}
      />
      {status.toLowerCase().replace('_', ' ')}
    </Badge>
  );
}
