/** SCHEDULED until its time has come, SENDING while deliveries are pending, then COMPLETED or CANCELLED. */
export const notificationStatuses = ['SCHEDULED', 'SENDING', 'COMPLETED', 'CANCELLED'] as const;

export type NotificationStatus = (typeof notificationStatuses)[number];
