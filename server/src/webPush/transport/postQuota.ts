/** Writing so few again costs less than holding them back. */
const leastPosts = 16;

/** What is known of one connection: posts that were sent on it, the latest that is answered, by number, and how many are not. */
export interface ConnectionCounts {
  readonly sentCount: number;
  readonly lastAnswered: number;
  readonly openCount: number;
}

/**
 * How many posts an origin's connections take before the push service ends them (nginx: `keepalive_requests`), learned
 * from those that ended. What is written beyond it comes back and is written again, on connection after connection.
 */
export class PostQuota {
  private posts = Number.POSITIVE_INFINITY;
  private previouslyTaken = Number.POSITIVE_INFINITY;

  /**
   * A GOAWAY without an error has come: so many posts were taken, and so many more had been written. Two in a row
   * count: one connection may have ended early by chance, as when the push service takes it for idle.
   */
  learn(taken: number, givenBack: number): void {
    if (taken === 0 || givenBack === 0) return;
    this.posts = Math.max(leastPosts, taken, this.previouslyTaken);
    this.previouslyTaken = taken;
  }

  /**
   * Whether another post may go on a connection. When the quota is used up, one more finds out whether the connection
   * takes more, as soon as the last one is answered, or none is left that could be; when that is answered, the quota was
   * too small.
   */
  allows({ sentCount, lastAnswered, openCount }: ConnectionCounts): boolean {
    if (lastAnswered > this.posts) this.posts = lastAnswered * 2;
    return sentCount < this.posts || lastAnswered === sentCount || openCount === 0;
  }
}
