import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';

/** A process of the run that is told what to do by messages and answers each of them by one. */
export class ForkedPeer {
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<unknown>,
    /** Its first message. */
    readonly greeting: unknown,
  ) {}

  /**
   * @param program the compiled file
   * @param priority its nice value: 0 as this process, 10 for what is somebody else's machine in the world
   */
  static async start(program: string, env: NodeJS.ProcessEnv, priority: number): Promise<ForkedPeer> {
    const child = fork(program, { env: { ...process.env, ...env } });
    if (child.pid !== undefined) setPriority(child.pid, priority);
    const exited = once(child, 'exit');
    const [greeting] = await once(child, 'message');
    return new ForkedPeer(child, exited, greeting);
  }

  /** One question at a time: answers carry no number. */
  ask<Answer>(order: object): Promise<Answer> {
    const answer = this.#last.then(() => this.#exchange<Answer>(order));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.exited;
  }

  async #exchange<Answer>(order: object): Promise<Answer> {
    const ending = new AbortController();
    const { signal } = ending;
    const ended = once(this.child, 'exit', { signal }).then(() => {
      throw new Error('A process of the run has ended.');
    });
    ended.catch(() => undefined);
    try {
      const answered = once(this.child, 'message', { signal });
      this.child.send(order);
      const [answer] = await Promise.race([answered, ended]);
      return answer as Answer;
    } finally {
      ending.abort();
    }
  }
}
