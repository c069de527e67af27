/** Which push subscriptions a notification is for. The fields that are given intersect; at least one is. */
export interface Audience {
  readonly everyone?: true;
  readonly userIds?: readonly string[];
  readonly subscriptionIds?: readonly number[];
  readonly tags?: TagFilter;
}

export interface TagFilter {
  readonly allOf?: readonly string[];
  readonly anyOf?: readonly string[];
  readonly noneOf?: readonly string[];
}
