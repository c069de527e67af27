import type { PublicIds } from '../../model/ids/publicIds';
import type { NotificationContent } from '../../model/notificationContent';
import { payloadBytes, renderPayload } from '../../model/pushPayload';

/** The size in bytes of what push services would be given for this content, before encryption. */
export function payloadSize(
  parts: { ids: PublicIds; receiptUrl: string; receiptTokenLength: number },
  content: NotificationContent,
): number {
  const { ids, receiptUrl } = parts;
  const payload = renderPayload({ content, defaultTag: ids.sampleNotification, receiptUrl });
  return payloadBytes(payload, parts.receiptTokenLength);
}
