import { Refusal } from '../../model/refusal';

/** What decides which tags a push subscription has after a registration. */
export interface TagChange {
  /** Exact tags, or prefixes that end in `*`. */
  readonly protectedTags: readonly string[];
  /** All tags it is to have; undefined: as before. */
  readonly asked: readonly string[] | undefined;
  /** What it had, or inherits. */
  readonly existing: readonly string[];
  /** Whether it is surely the same browser of the same user that had them. */
  readonly isSameOwner: boolean;
  /** Whether a web page asks, which may not set protected tags of its own accord. */
  readonly isPage: boolean;
  /** The `tags` claim of the user's token; undefined: it has none. */
  readonly claimed: readonly string[] | undefined;
}

export function isProtected(tag: string, protectedTags: readonly string[]): boolean {
  return protectedTags.some((each) =>
    each.endsWith('*') ? tag.startsWith(each.slice(0, -1)) : tag === each,
  );
}

/**
 * A page replaces only the other tags: protected ones stay while the browser belongs to the same user, unless the user's
 * token lists tags and these are no longer among them. A change of user drops them. Back ends are trusted.
 * @throws Refusal FORBIDDEN for a protected tag that neither the token grants nor the browser had
 */
export function tagsAfter({ protectedTags, asked, existing, ...by }: TagChange): string[] {
  if (asked && !by.isPage) return [...asked];
  const isOpen = (tag: string) => !isProtected(tag, protectedTags);
  const isGranted = (tag: string) => by.claimed?.includes(tag) ?? false;
  const refused = asked?.find((tag) => !isOpen(tag) && !isGranted(tag) && !existing.includes(tag));
  if (refused !== undefined) throw tagRefused(refused);
  const kept = existing.filter(
    (tag) => !isOpen(tag) && by.isSameOwner && (by.claimed === undefined || isGranted(tag)),
  );
  const chosen = asked ? asked.filter((tag) => isOpen(tag) || isGranted(tag)) : existing.filter(isOpen);
  return [...new Set([...chosen, ...kept])];
}

function tagRefused(tag: string): Refusal {
  return new Refusal(
    'FORBIDDEN',
    `The tag "${tag}" is protected: set it with a secret key, or list it in the "tags" claim of the user's token.`,
    ['input', 'tags'],
  );
}
