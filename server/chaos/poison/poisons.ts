import type { Neighbourhood, SubscribeCounts } from './neighbourhood';
import { type AnswerName, pathAnswering } from './vendorAnswers';
import { apns, apple, fcm, mozilla, operatorZone, type Vendor, windows } from './vendors';

/** What somebody with a publishable key does to a healthy application. */
export interface Poison {
  readonly name: string;
  /** The healthy application's browsers, at these vendors in turn. */
  readonly browsers: number;
  readonly vendors: readonly Vendor[];
  /** Before the baseline: what lies in the database already. */
  readonly prepare?: (neighbourhood: Neighbourhood) => Promise<void>;
  /** @returns what it saw, in words */
  readonly strike: (neighbourhood: Neighbourhood) => Promise<string>;
}

const wildcardVendors = [apple, windows];
/** Below each vendor's zone. */
const inventedHosts = 3_000;
const junkEndpoints = 10_000;
/** Of the junk: what goes through the API; the rest is written straight into the database. */
const junkSubscribed = 1_000;
const flaggedBrowsers = 500;
const strangerHosts = 20;

function describe(counts: SubscribeCounts): string {
  const parts = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
  return `subscribed: ${parts.join(', ')}`;
}

/** Names that nobody has. */
function inventedEndpoints(zone: string): string[] {
  return Array.from({ length: inventedHosts }, (_, n) => `https://x${n}.${zone}/q`);
}

const inventedThroughApi: Poison = {
  ...{ name: 'invented hosts, subscribed', browsers: 600, vendors: wildcardVendors },
  strike: async (neighbourhood) => {
    const endpoints = wildcardVendors.flatMap(({ zone }) => inventedEndpoints(zone));
    const counts = await neighbourhood.subscribe(neighbourhood.stranger, endpoints);
    await neighbourhood.broadcast(neighbourhood.stranger);
    return describe(counts);
  },
};

const inventedBefore: Poison = {
  ...{ name: 'invented hosts, from before', browsers: 600, vendors: wildcardVendors },
  prepare: async (neighbourhood) => {
    for (const { zone, name } of wildcardVendors) {
      await neighbourhood.seedEndpoints(neighbourhood.stranger, inventedEndpoints(zone), name);
    }
  },
  strike: async (neighbourhood) => {
    await neighbourhood.broadcast(neighbourhood.stranger);
    return `${inventedHosts * wildcardVendors.length} rows`;
  },
};

/** Endpoints that refuse our VAPID key, each as its vendor does. */
const refusing: ReadonlyArray<{
  readonly vendor: Vendor;
  readonly host: string;
  readonly answer: AnswerName;
}> = [
  { vendor: mozilla, host: mozilla.host, answer: 'mozilla-mismatch' },
  { vendor: fcm, host: fcm.host, answer: 'fcm-unauthenticated' },
  { vendor: apple, host: apple.host, answer: 'apns-forbidden' },
];

function refusingEndpoints(count: number, from = refusing): string[] {
  return Array.from({ length: count }, (_, n) => {
    const { host, answer } = from[n % from.length] ?? refusing[0] ?? { host: '', answer: 'silent' };
    return `https://${host}${pathAnswering(answer, n)}`;
  });
}

function refusedKey(good: number, bad: number, vendors: readonly Vendor[]): Poison {
  const kinds = refusing.filter(({ vendor }) => vendors.includes(vendor));
  return {
    name: `refuses our key: ${bad} of ${good + bad}`,
    ...{ browsers: good, vendors },
    strike: async (neighbourhood) => {
      const counts = await neighbourhood.subscribe(neighbourhood.victim, refusingEndpoints(bad, kinds));
      await neighbourhood.broadcast(neighbourhood.victim);
      return describe(counts);
    },
  };
}

const refusedWelcome: Poison = {
  ...{ name: 'refuses our key: 8 welcomes', browsers: 100, vendors: [apple] },
  strike: async (neighbourhood) => {
    await neighbourhood.verifySubscriptions(neighbourhood.victim);
    const atApns = { vendor: apple, host: apns, answer: 'apns-forbidden' } as const;
    const atWebPush = { ...atApns, host: apple.host };
    const endpoints = refusingEndpoints(16, [atApns, atWebPush]);
    return describe(await neighbourhood.subscribe(neighbourhood.victim, endpoints));
  },
};

/** Endpoints by the thousand that do not work, at the hosts that are given for each answer. */
function junk(name: string, hostOf: (answer: AnswerName, n: number) => string): Poison {
  const kinds: readonly AnswerName[] = ['bad-request', 'method-not-allowed', 'server-error', 'silent'];
  const endpoints = Array.from({ length: junkEndpoints }, (_, n) => {
    const answer = kinds[n % kinds.length] ?? 'silent';
    return { host: hostOf(answer, Math.floor(n / kinds.length)), path: pathAnswering(answer, n) };
  });
  const urlOf = ({ host, path }: { host: string; path: string }) => `https://${host}${path}`;
  const [seeded, subscribed] = [endpoints.slice(junkSubscribed), endpoints.slice(0, junkSubscribed)];
  return {
    ...{ name, browsers: 600, vendors: [fcm] },
    prepare: async (neighbourhood) => {
      for (const host of new Set(seeded.map((each) => each.host))) {
        const ofHost = seeded.filter((each) => each.host === host);
        const pushService = host === fcm.host ? fcm.name : host;
        await neighbourhood.seedEndpoints(neighbourhood.stranger, ofHost.map(urlOf), pushService, true);
      }
    },
    strike: async (neighbourhood) => {
      const counts = await neighbourhood.subscribe(neighbourhood.stranger, subscribed.map(urlOf));
      await neighbourhood.broadcast(neighbourhood.stranger);
      return `${seeded.length} rows; ${describe(counts)}`;
    },
  };
}

const isOfEndpoint = (answer: AnswerName) => answer === 'bad-request' || answer === 'method-not-allowed';

const flaggedKey: Poison = {
  ...{ name: 'a flagged VAPID key: 429, Retry-After 3600', browsers: 600, vendors: [fcm] },
  prepare: async ({ vendors, stranger }) => {
    await vendors.flag([stranger.vapidPublicKey]);
  },
  strike: async (neighbourhood) => {
    const { stranger } = neighbourhood;
    await neighbourhood.seedEndpoints(stranger, goodEndpoints(flaggedBrowsers), fcm.name);
    await neighbourhood.broadcast(stranger);
    return `${flaggedBrowsers} browsers`;
  },
};

function goodEndpoints(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `https://${fcm.host}/fcm/send/stranger-${n}`);
}

export const poisons: readonly Poison[] = [
  inventedThroughApi,
  inventedBefore,
  refusedKey(500, 50, [mozilla, fcm, apple]),
  refusedKey(100, 8, [mozilla]),
  refusedWelcome,
  junk('junk: 4xx at the vendor, 5xx and silence elsewhere', (answer, n) =>
    isOfEndpoint(answer) ? fcm.host : `junk-${n % strangerHosts}.${operatorZone}`,
  ),
  junk('junk: all at the vendor', () => fcm.host),
  flaggedKey,
];
