/** What Compose begins with when another page leads there: a stored content, and whom to send to. */
export interface ComposeStart {
  readonly content: Record<string, unknown>;
  readonly audience: { readonly failedOf?: string; readonly userIds?: readonly string[] };
}
