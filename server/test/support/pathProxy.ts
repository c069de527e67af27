import { once } from 'node:events';
import { request as ask, createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A proxy that serves another server of this machine below a path, which it takes off. */
export interface PathProxy {
  /** `http://localhost:12345/push` */
  readonly url: string;
  /** What the browser asked of it that is not below the path. */
  readonly strays: string[];
  /** Addresses of WebSockets, as the browser gave them. */
  readonly sockets: string[];
  /** The port that requests go on to. */
  target: number;
  close(): Promise<void>;
}

/** @param path `/push`; as nginx does, a request for the path itself is led to the path with a slash */
export async function startPathProxy(path: string): Promise<PathProxy> {
  const sockets = new Set<Socket>();
  const onward = ({ method, url = '', headers }: IncomingMessage) =>
    ask({ port: proxy.target, host: '127.0.0.1', method, headers, path: url.slice(path.length) });
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    if (url === path) return response.writeHead(301, { location: `${path}/` }).end();
    if (!url.startsWith(`${path}/`)) {
      proxy.strays.push(url);
      return response.writeHead(404).end();
    }
    const forwarded = onward(request).on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    return request.pipe(forwarded);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket: Socket, head) => {
    proxy.sockets.push(request.url ?? '');
    const forwarded = onward(request);
    forwarded.on('upgrade', (answer, inner, innerHead) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n'));
      socket.write(innerHead);
      inner.write(head);
      inner.pipe(socket).pipe(inner);
      for (const end of [inner, socket]) end.on('error', () => undefined).on('close', () => inner.destroy());
    });
    forwarded.on('error', () => socket.destroy());
    forwarded.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: PathProxy = {
    url: `http://localhost:${port}${path}`,
    strays: [],
    sockets: [],
    target: 0,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
  return proxy;
}
