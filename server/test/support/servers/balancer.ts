import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const checkEveryMs = 1_000;

/** Forwards each request to a process whose last check passed, over kept connections, and repeats nothing. */
export class Balancer {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #ready = new Map<string, boolean>();
  readonly #checks: NodeJS.Timeout;
  #next = 0;
  private server: Server | undefined;

  constructor(private readonly targets: readonly string[]) {
    this.#checks = setInterval(() => void this.check(), checkEveryMs);
  }

  async start(): Promise<string> {
    await this.check();
    const server = createServer((incoming, outgoing) => {
      const ready = this.targets.filter((target) => this.#ready.get(target));
      this.#next += 1;
      const target = ready[this.#next % ready.length];
      if (target === undefined) return void outgoing.writeHead(503).end();
      const { method, headers, url } = incoming;
      const onward = request(`${target}${url}`, { method, headers, agent: this.#agent }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.writeHead(502).end());
      incoming.pipe(onward);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  isReady(target: string): boolean {
    return this.#ready.get(target) ?? false;
  }

  stop(): void {
    clearInterval(this.#checks);
    this.server?.closeAllConnections();
    this.server?.close();
    this.#agent.destroy();
  }

  private async check(): Promise<void> {
    await Promise.all(
      this.targets.map(async (target) => {
        const isReady = await fetch(`${target}/readyz`, { signal: AbortSignal.timeout(checkEveryMs) }).then(
          (answer) => answer.ok,
          () => false,
        );
        this.#ready.set(target, isReady);
      }),
    );
  }
}
