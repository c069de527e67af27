/** Writing so few again costs less than holding them back. */
const leastPosts = 16;

/**
 * How many posts an origin's connections take before the push service ends them (nginx: `keepalive_requests`), learned
 * from those that ended. What is written beyond it comes back and is written again, on connection after connection.
 */
export class PostQuota {
  private posts = Number.POSITIVE_INFINITY;

  /** A GOAWAY without an error has come: so many posts were taken, and so many more had been written. */
  learn(taken: number, givenBack: number): void {
    if (taken > 0 && givenBack > 0) this.posts = Math.max(leastPosts, taken);
  }

  /**
   * Whether another post may go on a connection that was sent so many and has so many to answer. When the quota is
   * used up and all is answered, one more finds out whether the connection takes more.
   */
  allows(sent: number, unanswered: number): boolean {
    if (sent < this.posts) return true;
    if (unanswered > 0) return false;
    if (sent > this.posts) this.posts = sent * 2;
    return true;
  }
}
