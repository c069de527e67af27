import type {
  AudienceInput,
  NotificationContentInput,
  SendNotificationInput,
  Urgency,
} from '../graphql/operations';
import type { ComposeStart } from './composeStart';

/** How the audience is named. */
export type AudienceKind = 'everyone' | 'users' | 'tags' | 'failed';

export interface DraftAction {
  readonly title: string;
  readonly navigate: string;
}

/** What is being written: every field is a plain text or list, as the form holds it. */
export interface Draft {
  readonly audienceKind: AudienceKind;
  readonly userIds: readonly string[];
  readonly allOf: readonly string[];
  readonly anyOf: readonly string[];
  readonly noneOf: readonly string[];
  readonly failedOf: string;
  readonly title: string;
  readonly body: string;
  readonly navigate: string;
  readonly icon: string;
  readonly image: string;
  readonly badge: string;
  /** The number on the icon of the installed app as digits; empty: as it is. */
  readonly appBadge: string;
  readonly tag: string;
  readonly actions: readonly DraftAction[];
  readonly requireInteraction: boolean;
  readonly silent: boolean;
  /** JSON text. */
  readonly data: string;
  readonly ttlSeconds: number;
  readonly urgency: Urgency;
  readonly topic: string;
  /** Local time as `datetime-local` has it; empty: now. */
  readonly sendAt: string;
}

/** Takes the part of a draft that a field changes. */
export type ChangeDraft = (change: Partial<Draft>) => void;

export const emptyDraft: Draft = {
  audienceKind: 'tags',
  userIds: [],
  allOf: [],
  anyOf: [],
  noneOf: [],
  failedOf: '',
  title: '',
  body: '',
  navigate: '',
  icon: '',
  image: '',
  badge: '',
  appBadge: '',
  tag: '',
  actions: [],
  requireInteraction: false,
  silent: false,
  data: '',
  ttlSeconds: 86_400,
  urgency: 'NORMAL',
  topic: '',
  sendAt: '',
};

/** A draft out of a stored notification. */
export function draftFrom({ content, audience }: ComposeStart): Draft {
  const text = (name: string) => (typeof content[name] === 'string' ? String(content[name]) : '');
  const { fanfare: _, ...data } = isObject(content.data) ? content.data : {};
  const actions = Array.isArray(content.actions) ? content.actions.filter(isObject) : [];
  return {
    ...emptyDraft,
    ...(audience.failedOf && { audienceKind: 'failed' as const, failedOf: audience.failedOf }),
    ...(audience.userIds && { audienceKind: 'users' as const, userIds: audience.userIds }),
    title: text('title'),
    body: text('body'),
    navigate: text('navigate'),
    icon: text('icon'),
    image: text('image'),
    badge: text('badge'),
    appBadge: typeof content.appBadge === 'number' ? String(content.appBadge) : '',
    tag: text('tag'),
    actions: actions.map(({ title, navigate }) => ({
      title: String(title ?? ''),
      navigate: String(navigate ?? ''),
    })),
    requireInteraction: content.requireInteraction === true,
    silent: content.silent === true,
    data: Object.keys(data).length > 0 ? JSON.stringify(data) : '',
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

/** Undefined without a title, or while `data` is no JSON object. */
export function contentOf(draft: Draft): NotificationContentInput | undefined {
  const data = readData(draft.data);
  if (draft.title.trim() === '' || data === null) return undefined;
  const actions = draft.actions.filter(({ title }) => title.trim() !== '');
  return {
    title: draft.title,
    ...texts(draft, ['body', 'navigate', 'icon', 'image', 'badge', 'tag']),
    ...(draft.appBadge !== '' && { appBadge: Number(draft.appBadge) }),
    ...(draft.requireInteraction && { requireInteraction: true }),
    ...(draft.silent && { silent: true }),
    ...(data && { data }),
    ...(actions.length > 0 && {
      actions: actions.map(({ title, navigate }, index) => ({
        action: `action-${index + 1}`,
        title,
        ...(navigate.trim() !== '' && { navigate: navigate.trim() }),
      })),
    }),
  };
}

/** The whole mutation's input; undefined while something is missing. */
export function inputOf(draft: Draft, idempotencyKey: string): SendNotificationInput | undefined {
  const [audience, content] = [audienceOf(draft), contentOf(draft)];
  if (!audience || !content) return undefined;
  const topic = draft.topic.trim();
  return {
    audience,
    content,
    ttl: draft.ttlSeconds,
    urgency: draft.urgency,
    idempotencyKey,
    ...(topic && { topic }),
    ...(draft.sendAt && { sendAt: new Date(draft.sendAt).toISOString() }),
  };
}

/** Undefined when empty, null when it is no JSON object. */
export function readData(text: string): Record<string, unknown> | undefined | null {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function texts(draft: Draft, names: readonly ('body' | 'navigate' | 'icon' | 'image' | 'badge' | 'tag')[]) {
  return Object.fromEntries(
    names.map((name) => [name, draft[name].trim()]).filter(([, value]) => value !== ''),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
