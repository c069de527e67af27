/** Two API processes behind a balancer that checks /readyz: restarting one after the other fails no call. */
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeInstallation } from '../support/describeEachEngine';
import { FanfareProcess } from '../support/fanfareProcess';
import { freePort } from '../support/freePort';
import { until } from '../support/until';

const checkEveryMs = 1_000;

/** Forwards each request to a process whose last check passed, over kept connections, and repeats nothing. */
class Balancer {
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

describeInstallation(
  'a rolling restart of two API processes',
  ['mysql', 'rabbitmq'],
  async () => ({ engine: 'distributed' }),
  (scenario) => {
    scenario('fails no call', async (stage) => {
      const { installation } = stage;
      const env = installation.settingsOf({ FANFARE_DRAIN_SECONDS: '3' });
      const processes = [
        new FanfareProcess('api', await freePort(), env),
        new FanfareProcess('api', await freePort(), env),
      ];
      const balancer = new Balancer(processes.map(({ url }) => url));
      try {
        await Promise.all(processes.map((process) => process.start()));
        const url = await balancer.start();
        const statuses: number[] = [];
        let isOver = false;
        const caller = async () => {
          while (!isOver || statuses.length < 1_000) {
            const answer = await fetch(`${url}/graphql`, {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                authorization: `Bearer ${installation.adminKey}`,
              },
              body: '{"query":"{ viewer { scopes } }"}',
            });
            await answer.text();
            statuses.push(answer.status);
          }
        };
        const callers = Promise.all(Array.from({ length: 4 }, caller));
        for (const process of processes) {
          expect(await process.terminate()).toBe(0);
          await process.start();
          await until(() => balancer.isReady(process.url), 'the balancer to see it');
        }
        isOver = true;
        await callers;
        expect(statuses.length).toBeGreaterThanOrEqual(1_000);
        expect(statuses.filter((status) => status !== 200)).toEqual([]);
      } finally {
        balancer.stop();
        await Promise.all(processes.map((process) => process.kill()));
      }
    });
  },
);
