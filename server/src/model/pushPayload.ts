import type { NotificationContent } from './notificationContent';

/** RFC 8291 section 4: a record of 4,096 bytes less header (86), delimiter (1) and tag (16). */
export const maxPayloadBytes = 3993;

/** What every payload of one notification has in common. */
export interface PayloadFrame {
  readonly content: NotificationContent;
  /** Stands in for a missing `tag`, so that a push that comes twice replaces itself instead of stacking. */
  readonly defaultTag: string;
  /** Where the service worker sends its receipts. */
  readonly receiptUrl: string;
}

/**
 * The plaintext of a push: Declarative Web Push JSON, the same for every browser. Only the receipt token
 * differs between deliveries, so the rest is rendered once: `before` + token + `after`.
 */
export interface RenderedPayload {
  readonly before: Buffer;
  readonly after: Buffer;
}

const tokenPlace = '\u0000receipt\u0000';

export function renderPayload(frame: PayloadFrame): RenderedPayload {
  const json = JSON.stringify(declarativeMessage(frame));
  const place = JSON.stringify(tokenPlace).slice(1, -1);
  const at = json.lastIndexOf(place);
  return { before: Buffer.from(json.slice(0, at)), after: Buffer.from(json.slice(at + place.length)) };
}

/** The size of a payload in bytes, with a receipt token of the given length (ASCII). */
export function payloadBytes(payload: RenderedPayload, tokenLength: number): number {
  return payload.before.length + tokenLength + payload.after.length;
}

/** `mutable` and `app_badge` stand twice because implementations read them at different places. */
function declarativeMessage(frame: PayloadFrame): Record<string, unknown> {
  const { content } = frame;
  const { appBadge, actions, data, tag, ...members } = content;
  const badge = appBadge === undefined ? undefined : { app_badge: appBadge };
  return {
    web_push: 8030,
    notification: {
      ...members,
      tag: tag ?? frame.defaultTag,
      ...(actions === undefined ? undefined : { actions }),
      ...badge,
      mutable: true,
      // last, so that the token's place cannot be confused with a caller's text
      data: { ...data, fanfare: { url: frame.receiptUrl, receipt: tokenPlace } },
    },
    ...badge,
    mutable: true,
  };
}
