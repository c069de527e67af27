import { BoundedList } from './boundedList';

/** One `POST` to a push endpoint and what became of it. */
export interface SeenPushRequest {
  readonly at: Date;
  /** Last part of the push endpoint. */
  readonly token: string;
  /** Origin the sender addressed. */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bodyBytes: number;
  /** Status of the answer, or the scripted fault that stood in its place. */
  readonly outcome: number | 'reset' | 'stall' | 'endlessBody';
}

export interface PushRequestStats {
  /** Push requests answered or faulted. */
  readonly posts: number;
  /** Counts by status, and by fault (`reset`, `stall`, `endlessBody`). */
  readonly byOutcome: Readonly<Record<string, number>>;
  readonly activePosts: number;
  readonly peakActivePosts: number;
}

/** Counts all push requests and keeps the newest of them. */
export class PushRequestLog {
  private readonly seen: BoundedList<SeenPushRequest>;
  private byOutcome: Record<string, number> = {};
  private posts = 0;
  private active = 0;
  private peakActive = 0;

  constructor(keptRequests: number) {
    this.seen = new BoundedList(keptRequests);
  }

  began(): void {
    this.active += 1;
    this.peakActive = Math.max(this.peakActive, this.active);
  }

  ended(): void {
    this.active -= 1;
  }

  add(request: SeenPushRequest): void {
    this.posts += 1;
    this.byOutcome[request.outcome] = (this.byOutcome[request.outcome] ?? 0) + 1;
    this.seen.add(request);
  }

  list(): SeenPushRequest[] {
    return this.seen.list();
  }

  stats(): PushRequestStats {
    const { posts, byOutcome, active: activePosts, peakActive: peakActivePosts } = this;
    return { posts, byOutcome: { ...byOutcome }, activePosts, peakActivePosts };
  }

  /** Forgets everything but what is going on right now. */
  clear(): void {
    this.seen.clear();
    this.byOutcome = {};
    this.posts = 0;
    this.peakActive = this.active;
  }
}
