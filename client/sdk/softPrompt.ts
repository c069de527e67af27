import { readState } from './fanfareState';

/** `remindAfterDays`: how long a no holds, 30 days by default. */
export interface SoftPromptOptions {
  remindAfterDays?: number;
}

/**
 * Double opt-in: the page asks first, in its own words and at a good moment, and the browser only after a yes. A no to
 * the page can be asked again; a no to the browser is for good.
 */
export interface SoftPrompt {
  /** Whether this browser could subscribe and the person has not said no lately. */
  shouldAsk(): Promise<boolean>;
  /** The person said "not now"; an unsubscribe counts as one too. */
  dismiss(): void;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The soft prompt of one worker scope, remembered in localStorage. */
export function createSoftPrompt(scope: string, options: SoftPromptOptions = {}): SoftPrompt {
  const { remindAfterDays = 30 } = options;
  const name = `fanfare.dismissedAt ${scope}`;
  return {
    async shouldAsk() {
      const state = await readState(scope).catch(() => 'unsupported');
      if (state !== 'prompt' && state !== 'unsubscribed') return false;
      // in the future after the clock was set back: the person said no, and nobody knows when
      if (readTime(name) > Date.now()) writeTime(name);
      return Date.now() - readTime(name) >= remindAfterDays * DAY_MS;
    },
    dismiss: () => writeTime(name),
  };
}

/** Without a storage that remembers a no, nobody is asked: it would be on every page. */
function readTime(name: string): number {
  try {
    return Number(localStorage.getItem(name));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function writeTime(name: string): void {
  try {
    localStorage.setItem(name, String(Date.now()));
  } catch {
    // then nobody is asked
  }
}
