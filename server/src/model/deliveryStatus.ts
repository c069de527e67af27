/** Where a delivery stands, in the order of the numbers that the database keeps. Only PENDING can change. */
export const deliveryStatuses = [
  'PENDING',
  'ACCEPTED',
  'GONE',
  'REJECTED',
  'EXPIRED',
  'EXHAUSTED',
  'CANCELLED',
] as const;

export type DeliveryStatus = (typeof deliveryStatuses)[number];

export type TerminalStatus = Exclude<DeliveryStatus, 'PENDING'>;

/** The counter columns of a notification, one per terminal status. */
export const terminalStatuses = deliveryStatuses.slice(1) as TerminalStatus[];

export function deliveryStatusCode(status: DeliveryStatus): number {
  return deliveryStatuses.indexOf(status);
}

export function deliveryStatusOf(code: number): DeliveryStatus {
  const status = deliveryStatuses[code];
  if (status === undefined) throw new Error(`${code} is no delivery status.`);
  return status;
}
