import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LocalPushServiceStats } from '../localPushService';
import type { Acknowledgement } from '../messageStore';
import type { SeenPushRequest } from '../pushRequestLog';
import type {
  DecryptionFailure,
  PushSubscriptionJson,
  ReceivedMessage,
  SimulatedUserAgentOptions,
} from '../userAgent/simulatedUserAgent';
import type { ScriptedAnswer } from './scriptedAnswers';

/** A value as it looks after a way through JSON: instants are RFC 3339 text. */
export type OverJson<T> = T extends Date ? string : T extends object ? { [K in keyof T]: OverJson<T[K]> } : T;

export interface CreatedUserAgent {
  readonly uaid: string;
  readonly subscriptions: PushSubscriptionJson[];
}

export interface ReceivedReport {
  readonly receivedCount: number;
  readonly received: OverJson<ReceivedMessage>[];
  readonly decryptionFailures: OverJson<DecryptionFailure>[];
}

export interface NewUserAgents extends SimulatedUserAgentOptions {
  /** Default 1. */
  readonly count?: number;
  /** Subscriptions each user agent comes with; default 0. */
  readonly subscriptions?: number;
  readonly applicationServerKey?: string;
}

/** Steers a local push service that runs in another process. Every call rejects when the service refuses it. */
export class ControlClient {
  /** `url` is the service's own; `ca` its certificate when it speaks TLS with one of its own. */
  constructor(
    private readonly url: string,
    private readonly ca?: Buffer,
  ) {}

  async createUserAgents(input: NewUserAgents): Promise<CreatedUserAgent[]> {
    return (await this.call<{ userAgents: CreatedUserAgent[] }>('POST', 'user-agents', input)).userAgents;
  }

  subscribe(uaid: string, applicationServerKey?: string): Promise<PushSubscriptionJson> {
    return this.call('POST', `user-agents/${uaid}/subscriptions`, { applicationServerKey });
  }

  /** Ends one subscription, or all of the user agent's. */
  unsubscribe(uaid: string, endpoint?: string): Promise<void> {
    return this.call('DELETE', `user-agents/${uaid}/subscriptions`, { endpoint });
  }

  setOnline(uaid: string, online: boolean): Promise<void> {
    return this.call('PUT', `user-agents/${uaid}/online`, { online });
  }

  /** Waits until `count` messages were seen or `timeoutMs` have passed, and tells what there is. */
  received(uaid: string, count = 0, timeoutMs = 5000): Promise<ReceivedReport> {
    return this.call('GET', `user-agents/${uaid}/received?count=${count}&timeoutMs=${timeoutMs}`);
  }

  script(answer: ScriptedAnswer): Promise<void> {
    return this.call('POST', 'scripts', answer);
  }

  clearScripts(): Promise<void> {
    return this.call('DELETE', 'scripts');
  }

  stats(): Promise<LocalPushServiceStats> {
    return this.call('GET', 'stats');
  }

  /** The newest push requests; credentials are left out. */
  async requests(): Promise<OverJson<SeenPushRequest>[]> {
    return (await this.call<{ requests: OverJson<SeenPushRequest>[] }>('GET', 'requests')).requests;
  }

  async acknowledgements(): Promise<OverJson<Acknowledgement>[]> {
    const answer = await this.call<{ acknowledgements: OverJson<Acknowledgement>[] }>(
      'GET',
      'acknowledgements',
    );
    return answer.acknowledgements;
  }

  reset(): Promise<void> {
    return this.call('POST', 'reset');
  }

  private async call<T>(method: string, path: string, input?: object): Promise<T> {
    const options = { method, ...(this.ca && { ca: this.ca }) };
    const { status, text } = await exchange(
      `${this.url}/control/${path}`,
      options,
      JSON.stringify(input ?? {}),
    );
    if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

function exchange(
  url: string,
  options: RequestOptions,
  body: string,
): Promise<{ status: number; text: string }> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  // without a kept connection a caller's process can end as soon as it is done
  const headers = { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const call = request(url, { ...options, agent: false, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}
