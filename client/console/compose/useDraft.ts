import { useEffect, useState } from 'react';
import { type Location, useLocation } from 'react-router';
import { useSession } from '../session/session';
import type { ComposeStart } from './composeStart';
import { type ChangeDraft, type Draft, draftFrom, emptyDraft } from './draft';
import { forgetDraft } from './forgetDraft';
import { type KeptDraft, keepDraft, readKeptDraft } from './keptDraft';

/** A draft that outlives a look at other pages, until it is sent. */
interface WrittenDraft {
  readonly draft: Draft;
  /** One for each thing to send: a click that is repeated after a lost answer sends nothing twice. */
  readonly idempotencyKey: string;
  readonly change: ChangeDraft;
  /** Throws it away. */
  readonly clear: () => void;
  /** To be called once it is sent. */
  readonly forget: () => void;
}

/** The draft of this tab: what another page brought here, else what was being written, else an empty one. */
export function useDraft(): WrittenDraft {
  const { viewer } = useSession();
  const location = useLocation();
  const [kept, setKept] = useState(() => beginWith(viewer.applicationId, location));
  useEffect(() => keepDraft(kept), [kept]);
  const put = (next: (draft: Draft) => Draft) =>
    setKept((known) => ({ ...known, draft: next(known.draft), idempotencyKey: newKey() }));
  return {
    draft: kept.draft,
    idempotencyKey: kept.idempotencyKey,
    change: (part) => put((draft) => ({ ...draft, ...part })),
    clear: () => put(() => emptyDraft),
    forget: forgetDraft,
  };
}

function beginWith(applicationId: string, { key: place, state }: Location): KeptDraft {
  const start = state as ComposeStart | null;
  const kept = readKeptDraft(applicationId);
  // what was changed since another page led to this place counts more than what it brought
  if (kept && (!start || kept.place === place)) return { ...kept, place };
  const draft = start ? draftFrom(start) : emptyDraft;
  return { draft, idempotencyKey: newKey(), applicationId, place };
}

function newKey(): string {
  // randomUUID is missing where the console is opened over plain http
  return `console ${Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-')}`;
}
