import { join } from 'node:path';
import { createCertificate } from '../../bench/certificate';
import { simulatedBrowser } from '../../bench/simulatedBrowser';
import type { UndoStack } from '../../bench/undoStack';
import { callGraphql, GraphqlRefusal } from '../../test/support/api/graphqlCall';
import type { Ground } from '../ground';
import { type Engine, Installation } from '../installation';
import { knownDocument } from '../knownDocument';
import { SingleMessages } from '../singleMessages';
import { startVendorService, type VendorService } from './vendorServiceProcess';
import { operatorZone, resolvedNames, type Vendor } from './vendors';

/** An application of the installation and what its owner and its web pages hold. */
export interface Tenant {
  readonly id: number;
  readonly secretKey: string;
  readonly publishableKey: string;
  readonly vapidPublicKey: string;
}

/** What came of subscribing, by error code; `accepted` for those that were taken. */
export type SubscribeCounts = Record<string, number>;

const perSecond = 5;
const parallelSubscribes = 16;
/** Numbers of browsers that are not the victim's. */
const firstStranger = 100_000;

/** One installation with two applications on a network of simulated vendors: the victim and a stranger. */
export class Neighbourhood {
  #strangers = firstStranger;

  private constructor(
    readonly vendors: VendorService,
    private readonly installation: Installation,
    readonly victim: Tenant,
    readonly stranger: Tenant,
  ) {}

  static async open(ground: Ground, undo: UndoStack, engine: Engine): Promise<Neighbourhood> {
    const certificate = createCertificate(ground.folder, resolvedNames);
    const vendors = await startVendorService(certificate);
    await undo.add(() => vendors.stop());
    const network = Object.fromEntries(resolvedNames.map((name) => [name, vendors.port]));
    const env = {
      NODE_OPTIONS: `--require=${join(__dirname, 'simulatedNetwork.js')}`,
      CHAOS_NETWORK: JSON.stringify(network),
      FANFARE_PUSH_HOSTS: `*.${operatorZone}`,
      FANFARE_PUSH_CA_FILE: certificate.certFile,
      FANFARE_LOG_LEVEL: 'warn',
    };
    const installation = await Installation.open(ground, undo, {
      ...{ engine, throughProxies: false, workers: 1, env },
    });
    const [victim, stranger] = [await victimOf(installation), await createStranger(installation)];
    return new Neighbourhood(vendors, installation, victim, stranger);
  }

  get logs(): string {
    return this.installation.logs;
  }

  /** The victim's browsers 0 and on, at the vendors' real hosts in turn; browser n belongs to `user-n`. */
  async seedVictims(count: number, vendors: readonly Vendor[]): Promise<void> {
    const each = Math.ceil(count / vendors.length);
    for (const [turn, { host, name }] of vendors.entries()) {
      const [from, end] = [turn * each, Math.min(count, (turn + 1) * each)];
      await this.installation.seedWith({
        ...{ origin: `https://${host}`, pushService: name, from, count: end - from, userIds: true },
        applicationId: this.victim.id,
      });
    }
  }

  /**
   * Rows as `subscribe` leaves them, or as they exist from before an upgrade: those count as accepted once, and what is
   * refused today may be among them.
   */
  async seedEndpoints(
    tenant: Tenant,
    endpoints: readonly string[],
    pushService: string,
    neverAccepted = false,
  ): Promise<void> {
    const from = this.#strangers;
    this.#strangers += endpoints.length;
    await this.installation.seedWith({
      ...{ origin: '', from, count: endpoints.length, pushService, applicationId: tenant.id },
      neverAccepted,
      endpointOf: (index) => endpoints[index - from] ?? '',
    });
  }

  /** Through the API with the publishable key, as a page would. */
  async subscribe(tenant: Tenant, endpoints: readonly string[]): Promise<SubscribeCounts> {
    const counts: SubscribeCounts = {};
    const waiting = endpoints.values();
    const document = knownDocument('subscribe');
    const work = async () => {
      for (const endpoint of waiting) {
        this.#strangers += 1;
        const outcome = await this.#subscribeOne(tenant, document, endpoint, this.#strangers);
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: parallelSubscribes }, work));
    return counts;
  }

  async #subscribeOne(tenant: Tenant, document: string, endpoint: string, index: number): Promise<string> {
    const { publicKey, authSecret } = simulatedBrowser(index);
    const keys = { p256dh: publicKey.toString('base64url'), auth: authSecret.toString('base64url') };
    const variables = { input: { subscription: { endpoint, keys } } };
    try {
      await callGraphql(this.installation.api.url, tenant.publishableKey, document, variables);
      return 'accepted';
    } catch (error) {
      if (error instanceof GraphqlRefusal) return error.code;
      throw error;
    }
  }

  /** An ordinary broadcast to everyone, by the application's secret key. */
  async broadcast(tenant: Tenant): Promise<void> {
    await callGraphql(
      this.installation.api.url,
      tenant.secretKey,
      'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { replayed } }',
      { input: { audience: { everyone: true }, content: { title: 'Our autumn sale' } } },
    );
  }

  /** From now on a browser that subscribes is sent a welcome, which verifies it. */
  async verifySubscriptions(tenant: Tenant): Promise<void> {
    const call = <Data>(query: string, variables = {}) =>
      callGraphql<Data>(this.installation.api.url, tenant.secretKey, query, variables);
    const { viewer } = await call<{ viewer: { applicationId: string } }>('{ viewer { applicationId } }');
    await call(
      'mutation ($id: ID!, $settings: ApplicationSettingsInput!) { updateApplication(id: $id, settings: $settings) { id } }',
      {
        id: viewer.applicationId,
        settings: { verifySubscriptions: true, welcome: { title: 'Welcome' } },
      },
    );
  }

  /** Begins single messages to the victim's browsers, five a second. */
  sendSingles(browsers: readonly number[]): SingleMessages {
    return new SingleMessages({
      ...{ perSecond, browsers },
      graphql: (query, variables) => this.installation.graphql(query, variables),
      arrivals: async () => (await this.vendors.report()).urgent,
    });
  }
}

async function victimOf(installation: Installation): Promise<Tenant> {
  const { createApiKey } = await installation.graphql<{ createApiKey: { secret: string } }>(
    'mutation { createApiKey(input: { name: "web pages", kind: PUBLISHABLE }) { secret } }',
  );
  const [row] = await installation.database.sql.rows<{ id: number }>('SELECT MIN(id) AS id FROM application');
  return {
    ...{ id: Number(row?.id), secretKey: installation.adminKey, publishableKey: createApiKey.secret },
    vapidPublicKey: await vapidPublicKeyOf(installation, installation.adminKey),
  };
}

async function createStranger(installation: Installation): Promise<Tenant> {
  const { createApplication } = await installation.graphql<{
    createApplication: { adminKey: string; publishableKey: string };
  }>('mutation { createApplication(input: { name: "stranger" }) { adminKey publishableKey } }');
  const [row] = await installation.database.sql.rows<{ id: number }>('SELECT MAX(id) AS id FROM application');
  const { adminKey, publishableKey } = createApplication;
  return {
    ...{ id: Number(row?.id), secretKey: adminKey, publishableKey },
    vapidPublicKey: await vapidPublicKeyOf(installation, adminKey),
  };
}

async function vapidPublicKeyOf(installation: Installation, key: string): Promise<string> {
  const { vapidPublicKey } = await callGraphql<{ vapidPublicKey: string }>(
    installation.api.url,
    key,
    '{ vapidPublicKey }',
  );
  return vapidPublicKey;
}
