import { errno, PushRefusal } from './pushRefusal';

/** The longest lifetime this service grants, 30 days in seconds; a longer TTL is shortened to it. */
export const maxTtlSeconds = 2_592_000;

const urgencies = ['very-low', 'low', 'normal', 'high'] as const;

export type PushUrgency = (typeof urgencies)[number];

/**
 * Reads the TTL header (RFC 8030 section 5.2) in seconds.
 * Missing or non-numeric is refused with 400/111, negative with 400/114; more than 30 days is shortened.
 */
export function parseTtl(value: string | undefined): number {
  if (value !== undefined && /^-\d+$/.test(value)) {
    throw new PushRefusal(400, errno.ttlNegative, 'TTL must not be negative');
  }
  if (value === undefined || !/^\d+$/.test(value)) {
    throw new PushRefusal(400, errno.ttlMissing, 'TTL header is missing or not a whole number of seconds');
  }
  return Math.min(Number(value), maxTtlSeconds);
}

/** Reads the Urgency header (RFC 8030 section 5.3); absent means normal, anything but one known value is 400. */
export function parseUrgency(value: string | undefined): PushUrgency {
  if (value === undefined) return 'normal';
  const urgency = urgencies.find((known) => known === value);
  if (urgency === undefined) {
    throw new PushRefusal(400, errno.other, 'Urgency must be one of very-low, low, normal, high');
  }
  return urgency;
}

/**
 * Reads the Topic header (RFC 8030 section 5.4): 1 to 32 characters of the base64url alphabet, else 400/113.
 * With `appleRule` the value must also decode as base64url, as Apple's service demands.
 */
export function parseTopic(value: string | undefined, appleRule: boolean): string | undefined {
  if (value === undefined) return undefined;
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(value)) {
    throw new PushRefusal(400, errno.topic, 'Topic must be 1 to 32 characters of the base64url alphabet');
  }
  if (appleRule && value.length % 4 === 1) throw new PushRefusal(400, errno.topic, 'BadWebPushTopic');
  return value;
}
