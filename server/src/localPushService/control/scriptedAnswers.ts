/** A fault or answer on demand for push requests; every matcher that is left out matches everything. */
export interface ScriptedAnswer {
  /** A push endpoint (or its token): only pushes to this subscription. */
  readonly subscription?: string | undefined;
  /** `host:port` as the sender addresses it: only pushes to this name of the service. */
  readonly host?: string | undefined;
  /** How many requests it is for; until cleared when left out. */
  readonly times?: number | undefined;
  /** The answer's status. Without status and fault, the message is answered as usual (after `delayMs`). */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** Wait before anything is answered, in milliseconds. */
  readonly delayMs?: number | undefined;
  /** Destroy the connection instead of answering. */
  readonly reset?: true | undefined;
  /** Never answer, and keep the connection open. */
  readonly stall?: true | undefined;
  /** Answer with `status` (200 when left out) and a body that has no end. */
  readonly endlessBody?: true | undefined;
  /**
   * Check and take the message as usual before the scripted fault: the user agent gets it, the sender
   * never learns it. This is how a lost answer is rehearsed.
   */
  readonly accept?: true | undefined;
}

interface Script {
  readonly answer: ScriptedAnswer;
  readonly token: string | undefined;
  timesLeft: number;
}

/** The scripts in force. The oldest that matches a request answers it. */
export class ScriptedAnswers {
  private scripts: Script[] = [];

  add(answer: ScriptedAnswer): void {
    const token = answer.subscription?.split('/').at(-1);
    this.scripts.push({ answer, token, timesLeft: answer.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.scripts = [];
  }

  /** The scripted answer for one push request, used up by one; undefined when none matches. */
  take(token: string, host: string): ScriptedAnswer | undefined {
    const script = this.scripts.find((candidate) => matches(candidate, token, host));
    if (!script) return undefined;
    script.timesLeft -= 1;
    if (script.timesLeft <= 0) this.scripts = this.scripts.filter((other) => other !== script);
    return script.answer;
  }
}

function matches(script: Script, token: string, host: string): boolean {
  const { answer } = script;
  if (script.token !== undefined && script.token !== token) return false;
  return answer.host === undefined || answer.host === host;
}
