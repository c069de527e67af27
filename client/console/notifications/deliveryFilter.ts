import type { DeliveryStatus } from '../graphql/operations';

/** Which deliveries to list; null: whichever. */
export interface DeliveryFilter {
  readonly status: DeliveryStatus | null;
  readonly pushService: string | null;
  readonly reason: string | null;
  readonly userId: string;
}

export const everyDelivery: DeliveryFilter = { status: null, pushService: null, reason: null, userId: '' };

/** In the order in which a delivery may come to them. */
export const deliveryStatuses: readonly DeliveryStatus[] = [
  'PENDING',
  'ACCEPTED',
  'GONE',
  'REJECTED',
  'EXPIRED',
  'EXHAUSTED',
  'CANCELLED',
];

/** Whether anything is left out. */
export function isNarrow({ status, pushService, reason, userId }: DeliveryFilter): boolean {
  return status !== null || pushService !== null || reason !== null || userId.trim() !== '';
}
