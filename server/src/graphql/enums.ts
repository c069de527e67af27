import { registerEnumType } from 'type-graphql';

/*
 * The enums as the schema names them. The model spells some values differently (RFC 8030 writes `very-low`);
 * type-graphql maps a member's name to its value, so resolvers only ever see the model's spelling.
 */

export enum UrgencyEnum {
  VERY_LOW = 'very-low',
  LOW = 'low',
  NORMAL = 'normal',
  HIGH = 'high',
}

registerEnumType(UrgencyEnum, {
  name: 'Urgency',
  description: 'How much a message matters next to the battery (RFC 8030 section 5.3).',
  valuesConfig: {
    VERY_LOW: { description: 'On power and Wi-Fi: advertisements.' },
    LOW: { description: 'On power or Wi-Fi: topic updates.' },
    NORMAL: { description: 'On neither power nor Wi-Fi: chat or calendar messages.' },
    HIGH: { description: 'Low battery too: incoming calls, time-critical alerts.' },
  },
});

export enum DirectionEnum {
  AUTO = 'auto',
  LTR = 'ltr',
  RTL = 'rtl',
}

registerEnumType(DirectionEnum, {
  name: 'Direction',
  description: 'The direction of title and body.',
  valuesConfig: {
    AUTO: { description: "The browser's own setting." },
    LTR: { description: 'Left to right.' },
    RTL: { description: 'Right to left.' },
  },
});

export enum NotificationStatusEnum {
  SCHEDULED = 'SCHEDULED',
  SENDING = 'SENDING',
  COMPLETED = 'COMPLETED',
  CANCELLED = 'CANCELLED',
}

registerEnumType(NotificationStatusEnum, {
  name: 'NotificationStatus',
  description: 'Where a notification stands as a whole.',
  valuesConfig: {
    SCHEDULED: { description: 'Waits for `sendAt`.' },
    SENDING: { description: 'Its audience is being found, or deliveries are pending.' },
    COMPLETED: { description: 'Every delivery has its final status.' },
    CANCELLED: { description: 'Was stopped; what no worker had begun is not sent.' },
  },
});

export enum DeliveryStatusEnum {
  PENDING = 'PENDING',
  ACCEPTED = 'ACCEPTED',
  GONE = 'GONE',
  REJECTED = 'REJECTED',
  EXPIRED = 'EXPIRED',
  EXHAUSTED = 'EXHAUSTED',
  CANCELLED = 'CANCELLED',
}

registerEnumType(DeliveryStatusEnum, {
  name: 'DeliveryStatus',
  description: 'Where one delivery stands. Only PENDING can change.',
  valuesConfig: {
    PENDING: { description: 'Not settled: waits for its first try or the next one.' },
    ACCEPTED: { description: 'The push service took it. Whether a person saw it is told by `displayedAt`.' },
    GONE: { description: 'The push service says that the push subscription is no more (404 or 410).' },
    REJECTED: { description: 'The push service will never take this message; see `reason`.' },
    EXPIRED: { description: 'TTL or `expiresAt` ran out before a push service took it.' },
    EXHAUSTED: { description: 'Every retry failed.' },
    CANCELLED: { description: 'The notification was cancelled before this one was sent.' },
  },
});

export enum ReceiptEventEnum {
  DISPLAYED = 'DISPLAYED',
  CLICKED = 'CLICKED',
  DISMISSED = 'DISMISSED',
}

registerEnumType(ReceiptEventEnum, {
  name: 'ReceiptEvent',
  description: 'What a service worker saw happen to a notification.',
  valuesConfig: {
    DISPLAYED: { description: 'It was shown.' },
    CLICKED: { description: 'A person clicked it or one of its actions.' },
    DISMISSED: { description: 'A person closed it.' },
  },
});

export enum ApiKeyKindEnum {
  PUBLISHABLE = 'PUBLISHABLE',
  SECRET = 'SECRET',
}

registerEnumType(ApiKeyKindEnum, {
  name: 'ApiKeyKind',
  description: 'Who may hold a key.',
  valuesConfig: {
    PUBLISHABLE: { description: 'Stands in web pages: subscribes and unsubscribes, nothing else.' },
    SECRET: { description: 'Stays on back ends and does what its scopes say.' },
  },
});
