/** A push subscription as a browser reported it, checked: endpoint allowed, keys of the right shape. */
export interface SubscribeRequest {
  readonly applicationId: number;
  /** The VAPID public key it subscribed with; absent: the one that is given out now. */
  readonly applicationServerKey?: string | undefined;
  readonly endpoint: string;
  readonly pushService: string;
  readonly p256dh: Buffer;
  readonly auth: Buffer;
  readonly expirationTime?: number | undefined;
  /** Null takes the owner away; undefined keeps that of an earlier registration of the endpoint, as do absent tags. */
  readonly userId?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Tags of the application that pages cannot set: exact, or prefixes that end in `*`. */
  readonly protectedTags?: readonly string[] | undefined;
  readonly locale?: string | undefined;
  readonly timeZone?: string | undefined;
  /** The endpoint that this one takes the place of: user and tags move over, the old one retires. */
  readonly replaces?: string | undefined;
  /** The `auth` secret of the one that is replaced. */
  readonly replacesAuth?: Buffer | undefined;
  /** Live push subscriptions that the application may have; absent or 0: any number. */
  readonly subscriptionsMost?: number | undefined;
  /** Absent for a back end, which is believed. */
  readonly browser?: BrowserClaim | undefined;
}

/** How far a registration that comes from a web page is believed. */
export interface BrowserClaim {
  /** Whether the user was proved by a token of the customer's back end. */
  readonly isUserProven: boolean;
  /** Whether naming a user needs proof: then an endpoint alone moves no user over. */
  readonly mustProveUsers: boolean;
  /** Protected tags that its user's token grants; undefined: there is no such claim. */
  readonly claimedTags?: readonly string[] | undefined;
  /** Live push subscriptions that one user may have. */
  readonly subscriptionsPerUser: number;
}
