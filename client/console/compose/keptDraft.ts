import { type Draft, emptyDraft } from './draft';
import { draftItem } from './forgetDraft';

/** A draft as it is kept while other pages are looked at. */
export interface KeptDraft {
  readonly draft: Draft;
  /** Sent with it, so that the same draft is never sent twice. */
  readonly idempotencyKey: string;
  readonly applicationId: string;
  /** The place in the tab's history where it was written last: what leads there again leads to it. */
  readonly place: string;
}

/** The draft that was being written for an application; undefined when there is none, or one of another version. */
export function readKeptDraft(applicationId: string): KeptDraft | undefined {
  const kept = parse(sessionStorage.getItem(draftItem));
  return kept?.applicationId === applicationId && isDraft(kept.draft) ? kept : undefined;
}

/** Keeps a draft instead of the one before. */
export function keepDraft(kept: KeptDraft): void {
  sessionStorage.setItem(draftItem, JSON.stringify(kept));
}

function parse(text: string | null): KeptDraft | undefined {
  try {
    return JSON.parse(text ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Whether every field is there in its kind: an upgrade may have changed them. */
function isDraft(draft: object): draft is Draft {
  return Object.entries(emptyDraft).every(([name, empty]) => {
    const value: unknown = Reflect.get(draft, name);
    return typeof value === typeof empty && Array.isArray(value) === Array.isArray(empty);
  });
}
