import type { DispatchMessage } from './dispatchQueue';

/** The version of the shape. A worker takes no other, so a change of shape is a new version. */
const version = 1;

/** Writes a message as the bytes that travel: JSON, `{ "v": 1, "dispatchId": n, "notificationId": n }`. */
export function encodeDispatchMessage({ dispatchId, notificationId }: DispatchMessage): Buffer {
  return Buffer.from(JSON.stringify({ v: version, dispatchId, notificationId }));
}

/**
 * Reads a message strictly: exactly these three members, the known version, positive safe integers.
 * Anything else gives undefined, and the message belongs to the dead letters.
 */
export function decodeDispatchMessage(content: Buffer): DispatchMessage | undefined {
  const value = parse(content);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (Object.keys(value).length !== 3) return undefined;
  const { v, dispatchId, notificationId } = value as Record<string, unknown>;
  if (v !== version || !isId(dispatchId) || !isId(notificationId)) return undefined;
  return { dispatchId, notificationId };
}

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
