import { z } from 'zod';

const channelId = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

const browserFrame = z.discriminatedUnion('messageType', [
  z.object({
    messageType: z.literal('hello'),
    uaid: z.string().optional(),
    use_webpush: z.boolean().optional(),
  }),
  z.object({ messageType: z.literal('register'), channelID: channelId, key: z.string().optional() }),
  z.object({ messageType: z.literal('unregister'), channelID: channelId, code: z.number().optional() }),
  z.object({
    messageType: z.literal('ack'),
    updates: z.array(z.object({ channelID: z.string(), version: z.string(), code: z.number().optional() })),
  }),
  z.object({ messageType: z.literal('nack'), version: z.string(), code: z.number().optional() }),
  z.object({ messageType: z.literal('broadcast_subscribe') }),
  z.object({ messageType: z.literal('ping') }),
]);

/** What a browser says over the autopush WebSocket protocol. */
export type BrowserFrame = z.infer<typeof browserFrame>;

/** Reads one frame; `{}` is a ping; undefined when it is none of the protocol. */
export function parseBrowserFrame(text: string): BrowserFrame | undefined {
  const json = parseJson(text);
  if (json !== null && typeof json === 'object' && Object.keys(json).length === 0) {
    return { messageType: 'ping' };
  }
  const frame = browserFrame.safeParse(json);
  return frame.success ? frame.data : undefined;
}

/**
 * The applicationServerKey of a register frame, base64url without padding; undefined when none was given,
 * `'invalid'` when it is no uncompressed P-256 point.
 */
export function readServerKey(key: string | undefined): string | undefined | 'invalid' {
  if (key === undefined || key === '') return undefined;
  const point = Buffer.from(key, 'base64url');
  return point.length === 65 && point[0] === 0x04 ? point.toString('base64url') : 'invalid';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
