import { connect, type Socket } from 'node:net';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** `[1, id, error, result]`; the greeting that comes first is an object. */
type Packet = readonly [1, number, { error: string; message: string } | null, unknown] | object;

/**
 * Firefox's own remote control, which reaches the windows of the browser itself and not pages alone: packets of
 * `<length>:<JSON>` over TCP, commands by WebDriver's names.
 */
export class Marionette {
  private readonly waiting = new Map<number, Waiting>();
  private received = Buffer.alloc(0);
  private lastId = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes) => this.take(bytes));
    socket.on('close', () => this.end(new Error('Firefox closed the Marionette connection.')));
    socket.on('error', (error) => this.end(error));
  }

  static async connect(port: number): Promise<Marionette> {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Marionette(socket);
  }

  /**
   * One command and what it gives; commands are answered one after the other.
   * @throws Error with WebDriver's error and message
   */
  async call<Result>(command: string, parameters: object = {}): Promise<Result> {
    this.lastId += 1;
    const packet = JSON.stringify([0, this.lastId, command, parameters]);
    const answer = new Promise((resolve, reject) => this.waiting.set(this.lastId, { resolve, reject }));
    this.socket.write(`${Buffer.byteLength(packet)}:${packet}`);
    return (await answer) as Result;
  }

  close(): void {
    this.socket.destroy();
  }

  private take(bytes: Buffer): void {
    this.received = Buffer.concat([this.received, bytes]);
    for (let packet = this.cut(); packet; packet = this.cut()) {
      if (Array.isArray(packet)) this.settle(packet as never);
    }
  }

  /** The next whole packet of what was received. */
  private cut(): Packet | undefined {
    const colon = this.received.indexOf(':');
    const end = colon + 1 + Number(this.received.subarray(0, Math.max(colon, 0)).toString());
    if (colon < 0 || this.received.length < end) return undefined;
    const packet = JSON.parse(this.received.subarray(colon + 1, end).toString()) as Packet;
    this.received = this.received.subarray(end);
    return packet;
  }

  private settle([, id, error, result]: Extract<Packet, readonly unknown[]>): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) waiting?.reject(new Error(`${error.error}: ${error.message}`));
    else waiting?.resolve(result);
  }

  private end(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
