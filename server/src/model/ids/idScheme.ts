export type IdKind =
  | 'application'
  | 'apiKey'
  | 'auditEntry'
  | 'delivery'
  | 'dispatch'
  | 'notification'
  | 'subscription'
  | 'vapidKey';

/** How row numbers become the letters of a public id, without its prefix. */
export interface IdScheme {
  encode(kind: IdKind, numbers: readonly number[]): string;
  /** Undefined for letters that `encode` does not give for this kind. */
  decode(kind: IdKind, letters: string): number[] | undefined;
}
