/** The title of a stored content; content that was forgotten has none. */
export function titleOf(content: Record<string, unknown> | null): string {
  return typeof content?.title === 'string' ? content.title : '(content was forgotten)';
}
