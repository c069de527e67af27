import type { Urgency } from '../graphql/operations';

/** What Compose begins with when another page leads there: a stored content, how it travelled, whom to send to. */
export interface ComposeStart {
  readonly content: Record<string, unknown>;
  readonly delivery?: {
    readonly ttl: number | null;
    readonly urgency: Urgency | null;
    readonly topic: string | null;
  };
  readonly audience: { readonly failedOf?: string; readonly userIds?: readonly string[] };
}
