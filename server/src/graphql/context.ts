import type { IntakeDeps } from '../actions/notification/acceptNotification';
import type { Database } from '../database/openDatabase';
import type { HostNameCheck } from '../egress/hostNameCheck';
import type { PushHostPolicy } from '../egress/pushHostPolicy';
import type { PublicIds } from '../model/ids/publicIds';
import type { Log } from '../observe/log';
import type { DispatchQueue } from '../queue/dispatchQueue';
import type { PersonHashes } from '../secrets/personHashes';
import type { ReceiptTokens } from '../secrets/receiptToken';
import type { SealedBox } from '../secrets/sealedBox';
import type { SealedCursors } from '../secrets/sealedCursors';
import type { ProgressWatch } from '../views/notification/progressWatch';
import type { Admission } from './admission/admission';
import type { Caller, Callers, KeyClaim } from './admission/caller';
import type { NewSubscriptions } from './admission/newSubscriptions';
import type { PeerNetwork } from './admission/peerNetworks';

/** What the resolvers work with; made once per process. */
export interface GraphqlDeps {
  readonly database: Database;
  readonly ids: PublicIds;
  readonly intake: IntakeDeps;
  readonly receiptTokens: ReceiptTokens;
  readonly cursors: SealedCursors;
  /** Seals the `auth` secrets of push subscriptions. */
  readonly authBox: SealedBox;
  /** Seals VAPID private keys. */
  readonly vapidBox: SealedBox;
  /** Seals and opens the secrets that customers' back ends sign user proofs with. */
  readonly userProofBox: SealedBox;
  /** Remembers whom `deletePerson` has forgotten. */
  readonly personHashes: PersonHashes;
  readonly pushHosts: PushHostPolicy;
  readonly hostNames: HostNameCheck;
  readonly callers: Callers;
  readonly admission: Admission;
  /** Browsers that one user may register, unless the application says otherwise. */
  readonly subscriptionsPerUser: number;
  /** Browsers that an application may have, unless it says otherwise; 0: any number. */
  readonly subscriptionsMost: number;
  readonly newSubscriptions: NewSubscriptions;
  readonly progressWatch: ProgressWatch;
  readonly queue: Pick<DispatchQueue, 'connected' | 'depth' | 'deadLetters'>;
  readonly log: Log;
}

/** One request, over HTTP or WebSocket. */
export interface RequestContext {
  readonly parts: GraphqlDeps;
  /** Who asks; undefined without a valid key. Rejects when the database cannot be asked. */
  readonly identify: () => Promise<Caller | undefined>;
  /** What it claims to hold, for free. */
  readonly claim: KeyClaim;
  /** The JWT that proves a user: the X-Fanfare-User header. */
  readonly userToken: string | undefined;
  /** Where the web page comes from that asks; undefined outside browsers. */
  readonly origin: string | undefined;
  /** What the peer's address is counted by; empty for this machine itself. */
  readonly networks: readonly PeerNetwork[];
}

/** What a request says of itself. */
export interface RequestClaims {
  /** The Authorization header: looked at only when a resolver asks who is calling. */
  readonly authorization: string | undefined;
  readonly userToken: string | undefined;
  readonly origin: string | undefined;
  readonly networks: readonly PeerNetwork[];
}

export function requestContext(parts: GraphqlDeps, claims: RequestClaims): RequestContext {
  const { authorization, userToken, origin, networks } = claims;
  const claim = parts.callers.claimOf(authorization);
  return { parts, userToken, origin, networks, claim, identify: identifier(parts.callers, authorization) };
}

/** A key that is unknown is looked up once for a request; a known one has to be good again each time. */
function identifier(callers: Callers, authorization: string | undefined): RequestContext['identify'] {
  let isNobody = false;
  return async () => {
    if (isNobody) return undefined;
    const caller = await callers.identify(authorization);
    isNobody = caller === undefined;
    return caller;
  };
}
