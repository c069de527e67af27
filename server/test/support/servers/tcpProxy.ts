import { once } from 'node:events';
import net from 'node:net';

/** A TCP proxy on a free loopback port that can misbehave as networks do. */
export interface TcpProxy {
  port: number;
  /** Connections accepted since the start. */
  accepted: number;
  /** The next message of a client that holds this text passes, and from then on nothing of its connection. */
  loseAnswerTo: string | undefined;
  /** Resets every connection; new ones are still let through. */
  cut(): void;
  /** Resets every connection and refuses new ones. */
  refuse(): void;
  /** Half-open: swallows every byte of both directions, on present and new connections, and closes nothing. */
  freeze(): void;
  /** New connections behave again; frozen ones stay frozen, as a lost peer does. */
  heal(): void;
  close(): Promise<void>;
}

interface Pair {
  inner: net.Socket;
  outer: net.Socket;
  frozen: boolean;
}

/** Starts a proxy in front of a TCP port of this machine. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  /** Also those whose other half has gone, which a frozen network tells nobody. */
  const clients = new Set<net.Socket>();
  let mode: 'open' | 'refusing' | 'frozen' = 'open';
  const server = net.createServer((outer) => {
    proxy.accepted += 1;
    clients.add(outer);
    outer.once('close', () => clients.delete(outer));
    if (mode === 'refusing') return outer.resetAndDestroy();
    const pair = join(outer, targetPort, pairs, mode === 'frozen');
    // after the relay of these bytes, which was there first
    outer.on('data', (bytes) => {
      if (proxy.loseAnswerTo === undefined || !bytes.includes(proxy.loseAnswerTo)) return;
      proxy.loseAnswerTo = undefined;
      pair.frozen = true;
    });
    return undefined;
  });
  const cut = () => {
    for (const { inner, outer } of pairs) {
      outer.resetAndDestroy();
      inner.destroy();
    }
  };
  const proxy: TcpProxy = {
    port: 0,
    accepted: 0,
    loseAnswerTo: undefined,
    cut,
    refuse: () => {
      mode = 'refusing';
      cut();
    },
    freeze: () => {
      mode = 'frozen';
      for (const pair of pairs) pair.frozen = true;
    },
    heal: () => {
      mode = 'open';
    },
    close: async () => {
      cut();
      for (const client of clients) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.port = (server.address() as net.AddressInfo).port;
  return proxy;
}

function join(outer: net.Socket, targetPort: number, pairs: Set<Pair>, frozen: boolean): Pair {
  const inner = net.connect(targetPort, '127.0.0.1');
  const pair: Pair = { inner, outer, frozen };
  pairs.add(pair);
  relay(outer, inner, pair);
  relay(inner, outer, pair);
  // a frozen pair whose client has gone is still there for the server
  inner.on('close', () => pairs.delete(pair));
  return pair;
}

/** Bytes and endings of one direction; a frozen pair passes on neither. */
function relay(from: net.Socket, to: net.Socket, pair: Pair): void {
  from.on('data', (bytes) => {
    if (!pair.frozen) to.write(bytes);
  });
  from.on('end', () => {
    if (!pair.frozen) to.end();
  });
  from.on('close', () => {
    if (!pair.frozen) to.destroy();
  });
  from.on('error', () => undefined);
}
