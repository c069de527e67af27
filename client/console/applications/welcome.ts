import type { Direction, NotificationContentInput } from '../graphql/operations';

const formFields = ['title', 'body', 'navigate', 'icon'] as const;

/** The welcome as the form holds it; empty texts are absent, and without a title there is no welcome. */
export interface WelcomeDraft extends Readonly<Record<(typeof formFields)[number], string>> {
  /** What the form has no field for: it goes back as it came. */
  readonly others: Readonly<Partial<NotificationContentInput>>;
}

export const noWelcome: WelcomeDraft = { title: '', body: '', navigate: '', icon: '', others: {} };

/** @param stored the content as the API gives it */
export function welcomeFrom(stored: Readonly<Record<string, unknown>> | null): WelcomeDraft {
  if (!stored) return noWelcome;
  const { title, body, navigate, icon, ...others } = stored;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    ...{ title: text(title), body: text(body), navigate: text(navigate), icon: text(icon) },
    others: asInput(others),
  };
}

/** The mutation's input; null: no welcome. */
export function welcomeInput(welcome: WelcomeDraft): NotificationContentInput | null {
  const title = welcome.title.trim();
  if (title === '') return null;
  const texts = formFields.map((name) => [name, welcome[name].trim()]).filter(([, value]) => value !== '');
  return { ...welcome.others, ...Object.fromEntries(texts), title };
}

/** Content is stored in the words of browsers; the API takes an enum and a DateTime for two of them. */
function asInput(stored: Readonly<Record<string, unknown>>): Partial<NotificationContentInput> {
  const { dir, timestamp } = stored;
  return {
    ...stored,
    ...(typeof dir === 'string' && { dir: dir.toUpperCase() as Direction }),
    ...(typeof timestamp === 'number' && { timestamp: new Date(timestamp).toISOString() }),
  };
}
