import { type ContentDraft, emptyContent } from '../content/contentDraft';
import { contentFrom } from '../content/contentFrom';
import { contentOf } from '../content/contentOf';
import { readLocalTime } from '../content/readFields';
import type { AudienceInput, SendNotificationInput, Urgency } from '../graphql/operations';
import type { ComposeStart } from './composeStart';

/** How the audience is named. */
export type AudienceKind = 'everyone' | 'users' | 'tags' | 'failed';

/** What is being written: the content, whom it is for and how it travels, as the form holds them. */
export interface Draft extends ContentDraft {
  readonly audienceKind: AudienceKind;
  readonly userIds: readonly string[];
  readonly allOf: readonly string[];
  readonly anyOf: readonly string[];
  readonly noneOf: readonly string[];
  readonly failedOf: string;
  readonly ttlSeconds: number;
  readonly urgency: Urgency;
  readonly topic: string;
  /** Local time as `datetime-local` has it; empty: now. */
  readonly sendAt: string;
}

/** Takes the part of a draft that a field changes. */
export type ChangeDraft = (change: Partial<Draft>) => void;

export const emptyDraft: Draft = {
  ...emptyContent,
  audienceKind: 'tags',
  userIds: [],
  allOf: [],
  anyOf: [],
  noneOf: [],
  failedOf: '',
  ttlSeconds: 86_400,
  urgency: 'NORMAL',
  topic: '',
  sendAt: '',
};

/** A draft out of a stored notification. */
export function draftFrom({ content, delivery, audience }: ComposeStart): Draft {
  return {
    ...emptyDraft,
    ...contentFrom(content),
    ttlSeconds: delivery?.ttl ?? emptyDraft.ttlSeconds,
    urgency: delivery?.urgency ?? emptyDraft.urgency,
    topic: delivery?.topic ?? '',
    ...(audience.failedOf && { audienceKind: 'failed' as const, failedOf: audience.failedOf }),
    ...(audience.userIds && { audienceKind: 'users' as const, userIds: audience.userIds }),
  };
}

/** Undefined while nobody is named. */
export function audienceOf(draft: Draft): AudienceInput | undefined {
  const { audienceKind, userIds, allOf, anyOf, noneOf, failedOf } = draft;
  if (audienceKind === 'everyone') return { everyone: true };
  if (audienceKind === 'users') return userIds.length > 0 ? { userIds: [...userIds] } : undefined;
  if (audienceKind === 'failed') return failedOf ? { failedOf } : undefined;
  if (allOf.length + anyOf.length + noneOf.length === 0) return undefined;
  return {
    tags: {
      ...(allOf.length > 0 && { allOf: [...allOf] }),
      ...(anyOf.length > 0 && { anyOf: [...anyOf] }),
      ...(noneOf.length > 0 && { noneOf: [...noneOf] }),
    },
  };
}

/** Whether nothing is written yet. */
export function isEmptyDraft(draft: Draft): boolean {
  return Object.entries(emptyDraft).every(
    ([name, empty]) => String(draft[name as keyof Draft]) === String(empty),
  );
}

/** Whether both name the same, in the same words. */
export function isSameAudience(one: AudienceInput | undefined, other: AudienceInput | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The whole mutation's input; undefined while something is missing. */
export function inputOf(draft: Draft, idempotencyKey: string): SendNotificationInput | undefined {
  const [audience, content] = [audienceOf(draft), contentOf(draft)];
  const sendAt = readLocalTime(draft.sendAt);
  if (!audience || !content || sendAt === null) return undefined;
  const topic = draft.topic.trim();
  return {
    audience,
    content,
    ttl: draft.ttlSeconds,
    urgency: draft.urgency,
    idempotencyKey,
    ...(topic && { topic }),
    ...(sendAt && { sendAt }),
  };
}
