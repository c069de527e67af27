/** One line of `fanfare doctor`. A fault keeps Fanfare from working; a note is about something that is probably not intended. */
export interface Finding {
  readonly verdict: 'ok' | 'note' | 'fault';
  /** One or two sentences: the cause, and the remedy with the setting's name. */
  readonly text: string;
}

export const ok = (text: string): Finding => ({ verdict: 'ok', text });
export const note = (text: string): Finding => ({ verdict: 'note', text });
export const fault = (text: string): Finding => ({ verdict: 'fault', text });
