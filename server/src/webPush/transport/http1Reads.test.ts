import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { Http1Reads } from './http1Reads';

test.each([
  ['bytes in few reads', 4, 16_384],
  ['reads of a byte', 256, 1],
])('an exchange has a limited number of %s', (_what, allowed, size) => {
  const socket = new EventEmitter();
  const reads = new Http1Reads(socket as unknown as Socket);
  const onExcess = jest.fn();
  const read = (times: number) => {
    for (let left = times; left > 0; left -= 1) socket.emit('data', Buffer.alloc(size));
  };
  reads.begin(onExcess);
  read(allowed);
  reads.end(onExcess);
  reads.begin(onExcess);
  read(allowed);
  expect(onExcess).not.toHaveBeenCalled();
  read(1);
  expect(onExcess).toHaveBeenCalledTimes(1);
});
