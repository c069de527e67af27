/** Which push subscriptions a notification is for. The fields that are given intersect; at least one is. */
export interface Audience {
  readonly everyone?: true;
  readonly userIds?: readonly string[];
  readonly subscriptionIds?: readonly number[];
  readonly tags?: TagFilter;
  /** A notification: those whose delivery of it ended without an accept, and who can still be reached. */
  readonly failedOf?: number;
}

export interface TagFilter {
  readonly allOf?: readonly string[];
  readonly anyOf?: readonly string[];
  readonly noneOf?: readonly string[];
}
