/*
 * The local push service: a whole, strict RFC 8030 push service in one process and in memory.
 * In come push requests over HTTP, browsers over the autopush WebSocket protocol, and orders over the
 * control API; out go messages to browsers and simulated user agents, faults when a script asks for them.
 * It fails to start when the port is taken or the state file is damaged; after that every fault is an
 * answer. Called by the `push-service` command, by development start, and by tests and benchmarks.
 */
import { WebSocketServer } from 'ws';
import { type Log, silentLog } from '../observe/log';
import { answerRequest } from './answerRequest';
import { AutopushSocket } from './autopush/autopushSocket';
import { ScriptedAnswers } from './control/scriptedAnswers';
import { type Listener, listen, type TlsOptions } from './listen';
import type { LocalPushService } from './localPushService';
import { MessageStore } from './messageStore';
import { PushRequestLog } from './pushRequestLog';
import { loadState, saveState } from './stateFile';
import { Subscriptions } from './subscriptions';
import { SimulatedUserAgent } from './userAgent/simulatedUserAgent';
import { VapidVerifier } from './verifyVapid';
import { writeReply } from './writeReply';

export interface LocalPushServiceOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** With a certificate the service speaks HTTP/2 and HTTP/1.1 over TLS, and WebSocket over TLS. */
  readonly tls?: TlsOptions | undefined;
  /** Origin in the push endpoints it hands out; default `http(s)://localhost:<port>`. */
  readonly publicOrigin?: string | undefined;
  /** Keeps browsers and their subscriptions across restarts. */
  readonly stateFile?: string | undefined;
  /** Also refuse a Topic that Apple's service refuses. */
  readonly appleTopicRule?: boolean | undefined;
  /** How many push requests `requests` keeps; default 10,000. */
  readonly keptRequests?: number | undefined;
  readonly log?: Log | undefined;
}

/** Starts the service and resolves once it listens. Rejects when the port or the state file cannot be had. */
export async function startLocalPushService(
  options: LocalPushServiceOptions = {},
): Promise<LocalPushService> {
  const { log = silentLog, host = '127.0.0.1', port = 0, tls } = options;
  const parts = createParts(options, log);
  const scheme = tls ? 'https' : 'http';
  const listener = await listen({ host, port }, tls);
  const url = options.publicOrigin ?? `${scheme}://localhost:${listener.port}`;
  const simulated = new Map<string, SimulatedUserAgent>();
  const service = describeService({ ...parts, simulated }, listener, url);
  const control = { service, subscriptions: parts.subscriptions, simulated };
  const push = { ...parts, resetConnection: listener.resetConnection };
  listener.onRequest((request, response) => {
    answerRequest(request, response, { scheme, push, control }).catch((error: unknown) => {
      log.error({ err: error }, 'a push service request failed');
      writeReply(response, { status: 500, headers: {}, body: '' });
    });
  });
  acceptWebSockets(listener, { ...parts, origin: url });
  log.info({ url, webSocketUrl: service.webSocketUrl }, 'local push service listens');
  return service;
}

type Parts = ReturnType<typeof createParts>;

function createParts(options: LocalPushServiceOptions, log: Log) {
  const { stateFile } = options;
  const messages = new MessageStore();
  const subscriptions = new Subscriptions({
    onEnd: (channel) => messages.dropHeld(channel),
    onBrowserChange: () => keepState(stateFile, subscriptions, log),
  });
  if (stateFile) loadState(stateFile, subscriptions);
  return {
    messages,
    subscriptions,
    vapid: new VapidVerifier(),
    scripts: new ScriptedAnswers(),
    requests: new PushRequestLog(options.keptRequests ?? 10_000),
    appleTopicRule: options.appleTopicRule ?? false,
  };
}

// a full disk must not end the service: it goes on with what it has in memory
function keepState(stateFile: string | undefined, subscriptions: Subscriptions, log: Log): void {
  try {
    if (stateFile) saveState(stateFile, subscriptions);
  } catch (error) {
    log.error({ err: error }, 'the state of the push service could not be saved');
  }
}

function describeService(
  parts: Parts & { simulated: Map<string, SimulatedUserAgent> },
  listener: Listener,
  url: string,
): LocalPushService {
  const { messages, scripts, requests, subscriptions, simulated, vapid } = parts;
  return {
    url,
    port: listener.port,
    webSocketUrl: `${url.replace(/^http/, 'ws')}/`,
    get requests() {
      return requests.list();
    },
    get acknowledgements() {
      return messages.acknowledgements.list();
    },
    createUserAgent(options = {}) {
      const origin = options.origin ?? url;
      const userAgent = new SimulatedUserAgent({ subscriptions, messages, origin }, options);
      simulated.set(userAgent.uaid, userAgent);
      return userAgent;
    },
    forgetUserAgent(uaid) {
      const userAgent = subscriptions.userAgents.get(uaid);
      if (userAgent) subscriptions.forget(userAgent);
      return simulated.delete(uaid) || userAgent !== undefined;
    },
    script: (answer) => scripts.add(answer),
    clearScripts: () => scripts.clear(),
    stats: () => ({
      ...requests.stats(),
      userAgents: subscriptions.userAgents.size,
      subscriptions: subscriptions.subscriptionCount,
      heldMessages: messages.heldCount,
      vapidTokensVerified: vapid.tokensVerified,
    }),
    reset() {
      scripts.clear();
      requests.clear();
      messages.acknowledgements.clear();
    },
    stop: () => listener.stop(),
  };
}

function acceptWebSockets(
  listener: Listener,
  parts: Pick<Parts, 'subscriptions' | 'messages'> & { origin: string },
): void {
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: 65_536, clientTracking: false });
  listener.onUpgrade((request, socket, head) => {
    if (request.url !== '/') socket.destroy();
    else webSockets.handleUpgrade(request, socket, head, (webSocket) => new AutopushSocket(webSocket, parts));
  });
}
