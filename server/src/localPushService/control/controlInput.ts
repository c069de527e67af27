import { z } from 'zod';

/** What the control API takes in, as JSON; a field it does not know is refused. */
export const scriptInput = z.strictObject({
  subscription: z.string().optional(),
  host: z.string().optional(),
  times: z.int().positive().optional(),
  status: z.int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  delayMs: z.int().min(0).optional(),
  reset: z.literal(true).optional(),
  stall: z.literal(true).optional(),
  endlessBody: z.literal(true).optional(),
  accept: z.literal(true).optional(),
});

const serverKey = z
  .string()
  .regex(/^B[A-Za-z0-9_-]{86}=?$/, 'must be an uncompressed P-256 point in base64url')
  .optional();

export const userAgentsInput = z.strictObject({
  count: z.int().min(1).max(100_000).default(1),
  decrypt: z.boolean().optional(),
  origin: z.url().optional(),
  online: z.boolean().optional(),
  /** When given, each user agent comes with this many subscriptions to the key. */
  applicationServerKey: serverKey,
  subscriptions: z.int().min(0).max(100).default(0),
});

export const subscribeInput = z.strictObject({ applicationServerKey: serverKey });

export const unsubscribeInput = z.strictObject({ endpoint: z.string().optional() });

export const onlineInput = z.strictObject({ online: z.boolean() });
