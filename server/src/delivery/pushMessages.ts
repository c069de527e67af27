import { LRUCache } from 'lru-cache';
import type { Audience } from '../model/audience';
import type { PublicIds } from '../model/ids/publicIds';
import type { NotificationContent } from '../model/notificationContent';
import { type RenderedPayload, renderPayload } from '../model/pushPayload';
import type { Urgency } from '../model/urgency';
import { topicHeader } from '../webPush/pushRequest';
import type { ClaimedDispatch } from './claimDispatch';

/** What all deliveries of a notification have in common, rendered once. */
export interface PushMessage {
  readonly payload: RenderedPayload;
  readonly urgency: Urgency;
  readonly topic: string | undefined;
  readonly ttlSeconds: number;
  /** The people it is for, when it names any: a browser that has changed hands since is not one of theirs. */
  readonly userIds: ReadonlySet<string> | undefined;
  /** When it started, unless it is for everyone: a browser whose user has left since is not sent it. */
  readonly chosenAt: number | undefined;
}

const mostKept = 500;
/** Five hundred audiences of a thousand users each would take more memory than all the rest of a worker's work. */
const mostKeptBytes = 8_000_000;

/** Renders notifications as push messages and keeps the latest few hundred, which never change. */
export class PushMessages {
  readonly #kept = new LRUCache<number, PushMessage>({
    ...{ max: mostKept, maxSize: mostKeptBytes, sizeCalculation: keptBytes },
  });

  constructor(private readonly ids: PublicIds) {}

  /** @throws SyntaxError for a row that does not hold what was stored */
  of({ notificationId, message: stored }: ClaimedDispatch): PushMessage {
    const kept = this.#kept.get(notificationId);
    if (kept) return kept;
    const audience = JSON.parse(stored.audience) as Audience;
    const { userIds } = audience;
    const message: PushMessage = {
      payload: renderPayload({
        content: JSON.parse(stored.content) as NotificationContent,
        defaultTag: this.ids.encode('notification', notificationId),
        receiptUrl: stored.receiptUrl,
      }),
      urgency: stored.urgency,
      topic: stored.topic === null ? undefined : topicHeader(stored.applicationId, stored.topic),
      ttlSeconds: stored.ttlSeconds,
      userIds: userIds && new Set(userIds),
      chosenAt: isForEveryone(audience) ? undefined : stored.startAt,
    };
    this.#kept.set(notificationId, message);
    return message;
  }
}

/** Everyone who uses the browser is addressed, whatever is known about them. */
function isForEveryone({ everyone, ...chosen }: Audience): boolean {
  return everyone === true && Object.values(chosen).every((value) => value === undefined);
}

/** About what a message takes: a string and its place in a set cost some 80 bytes beside the characters. */
function keptBytes({ payload, userIds }: PushMessage): number {
  let bytes = payload.before.length + payload.after.length;
  for (const userId of userIds ?? []) bytes += 80 + userId.length;
  return bytes;
}
