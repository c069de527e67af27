import { once } from 'node:events';
import { connect } from 'node:net';
import { silentLog } from '../observe/log';
import { createHttpServer } from './httpServer';

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('a request that came while the process stood still is answered, however long its connection was idle', async () => {
  const http = createHttpServer((_request, response) => void response.end('ok'), {
    ...{ keepAliveSeconds: 0.2, maxConnections: 10, log: silentLog },
  });
  const { port } = await http.listen('127.0.0.1', 0);
  const socket = connect(port, '127.0.0.1');
  const seen: string[] = [];
  socket.on('data', (data) => seen.push(String(data)));
  socket.write(request);
  await once(socket, 'data');
  const ended = Promise.race([once(socket, 'data'), once(socket, 'close')]);
  socket.write(request);
  // nothing is read for longer than an idle connection is kept
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
  await ended;
  socket.destroy();
  await http.close(1_000);
  expect(seen.join('').split('HTTP/1.1 200 OK')).toHaveLength(3);
});
