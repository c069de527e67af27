/** How a push service of the chaos run treats what comes to it. What it answers, it answers after `delayMs` (0). */
export type Behaviour = { readonly delayMs?: number } & (
  | { readonly kind: 'well' }
  /** This answer to a share of the POSTs (0 to 1), 201 to the others. */
  | {
      readonly kind: 'answers';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly share: number;
    }
  /** Takes connections and never says a word. */
  | { readonly kind: 'dead' }
  /** Nobody listens at its port. */
  | { readonly kind: 'refuses' }
  /** Breaks the connection as soon as a request is there. */
  | { readonly kind: 'resets' }
  /** Takes requests and answers none. */
  | { readonly kind: 'tar-pit' }
  /** Ends every HTTP/2 connection by GOAWAY as soon as so many requests have come, all of which it answers. */
  | { readonly kind: 'goes away'; readonly afterRequests: number }
  /** Answers a TLS handshake with something else. */
  | { readonly kind: 'breaks TLS' }
  /** 201 with a body that has no end; after a while it has no room left for a connection that was answered so. */
  | { readonly kind: 'endless body' }
);

/** `hurt` is the one that faults are done to; `healthy` stands beside it. */
export type ServiceName = 'hurt' | 'healthy';

/** What the process of the push services is told. */
export type Order =
  | { readonly kind: 'begin'; readonly browsers: number }
  | { readonly kind: 'behave'; readonly service: ServiceName; readonly behaviour: Behaviour }
  | { readonly kind: 'report' };

export interface ServiceReport {
  /** POSTs that came, whatever became of them. */
  posts: number;
  /** POSTs answered with 201. */
  accepted: number;
  /** Browsers that an accepted POST was for. */
  distinct: number;
  /** Accepted POSTs beyond one a browser. */
  doubled: number;
}

export interface Report {
  readonly hurt: ServiceReport;
  readonly healthy: ServiceReport;
  /** Accepted POSTs of high urgency, which are not counted above, and when they came by `process.hrtime`. */
  readonly urgent: ReadonlyArray<{ readonly index: number; readonly atNs: string }>;
}
