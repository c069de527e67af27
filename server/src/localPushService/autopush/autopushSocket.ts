import type { RawData, WebSocket } from 'ws';
import type { MessageStore } from '../messageStore';
import type { Subscriptions } from '../subscriptions';
import type { PushMessage, UserAgent, UserAgentConnection } from '../userAgent/userAgent';
import { type BrowserFrame, parseBrowserFrame, readServerKey } from './autopushFrames';

export interface AutopushDeps {
  readonly subscriptions: Subscriptions;
  readonly messages: MessageStore;
  /** Origin the push endpoints begin with. */
  readonly origin: string;
}

type Frame<T extends BrowserFrame['messageType']> = Extract<BrowserFrame, { messageType: T }>;

/** WebSocket close code for a frame outside of the protocol. */
const protocolFault = 1002;

/**
 * One browser's connection: the autopush WebSocket protocol as Firefox speaks it. The browser says hello,
 * registers channels (subscriptions), and gets its messages, which stay held until it acknowledges them.
 */
export class AutopushSocket implements UserAgentConnection {
  private userAgent: UserAgent | undefined;

  constructor(
    private readonly socket: WebSocket,
    private readonly parts: AutopushDeps,
  ) {
    socket.on('message', (data) => this.read(data));
    socket.on('close', () => this.leave());
    // a broken connection also closes, which is all that matters here
    socket.on('error', () => undefined);
  }

  deliver(message: PushMessage): void {
    const { id: version, channel, ttlSeconds: ttl, body } = message;
    const shared = { messageType: 'notification', channelID: channel.channelId, version, ttl };
    const content = { data: body.toString('base64url'), headers: { encoding: 'aes128gcm' } };
    this.send(body.length === 0 ? shared : { ...shared, ...content });
  }

  close(): void {
    this.socket.terminate();
  }

  private read(data: RawData): void {
    const frame = parseBrowserFrame(data.toString());
    if (!frame) this.fault('unknown frame');
    else if (this.userAgent) this.answer(frame, this.userAgent);
    else if (frame.messageType === 'hello') this.hello(frame);
    else this.fault('hello expected');
  }

  private answer(frame: BrowserFrame, userAgent: UserAgent): void {
    switch (frame.messageType) {
      case 'register':
        this.send(this.register(frame, userAgent));
        break;
      case 'unregister':
        this.send(this.unregister(frame, userAgent));
        break;
      case 'ack':
        this.acknowledge(frame, userAgent);
        break;
      case 'nack':
        this.refuse(frame, userAgent);
        break;
      case 'hello':
        this.fault('hello was said already');
        break;
      case 'ping':
        this.send({});
        break;
      default: // broadcast_subscribe: this service broadcasts nothing
    }
  }

  // a uaid this service does not know gets a new one: the browser then drops its old subscriptions
  private hello(frame: Frame<'hello'>): void {
    const { subscriptions, messages } = this.parts;
    const known = frame.uaid === undefined ? undefined : subscriptions.userAgents.get(frame.uaid);
    const userAgent = known && !known.simulated ? known : subscriptions.addUserAgent(false);
    this.userAgent = userAgent;
    this.send({ messageType: 'hello', uaid: userAgent.uaid, status: 200, use_webpush: true, broadcasts: {} });
    messages.connect(userAgent, this);
  }

  private register(frame: Frame<'register'>, userAgent: UserAgent): object {
    const { messageType, channelID } = frame;
    const key = readServerKey(frame.key);
    if (key === 'invalid') return { messageType, channelID, status: 400 };
    const { token } = this.parts.subscriptions.register(userAgent, key, channelID);
    const pushEndpoint = `${this.parts.origin}/wpush/v2/${token}`;
    return { messageType, channelID, status: 200, pushEndpoint };
  }

  private unregister(frame: Frame<'unregister'>, userAgent: UserAgent): object {
    const { messageType, channelID, code = 200 } = frame;
    this.parts.subscriptions.unregister(userAgent, channelID);
    this.note(userAgent, { kind: 'unregister', channelId: channelID, messageId: undefined, code });
    return { messageType, channelID, status: 200 };
  }

  private acknowledge(frame: Frame<'ack'>, userAgent: UserAgent): void {
    for (const { channelID: channelId, version: messageId, code = 100 } of frame.updates) {
      this.parts.messages.settle(userAgent, messageId);
      this.note(userAgent, { kind: 'ack', channelId, messageId, code });
    }
  }

  private refuse(frame: Frame<'nack'>, userAgent: UserAgent): void {
    const { version: messageId, code = 303 } = frame;
    this.parts.messages.settle(userAgent, messageId);
    this.note(userAgent, { kind: 'nack', channelId: undefined, messageId, code });
  }

  private note({ uaid }: UserAgent, said: Omit<Parameters<MessageStore['acknowledge']>[0], 'uaid'>): void {
    this.parts.messages.acknowledge({ ...said, uaid });
  }

  private leave(): void {
    if (!this.userAgent) return;
    this.parts.messages.disconnect(this.userAgent, this);
    // a browser without subscriptions says hello without its uaid next time
    const { channels } = this.userAgent;
    if (channels.size === 0) this.parts.subscriptions.userAgents.delete(this.userAgent.uaid);
  }

  private fault(reason: string): void {
    this.socket.close(protocolFault, reason);
  }

  private send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }
}
