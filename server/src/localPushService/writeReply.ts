import type { ServerResponse } from 'node:http';
import type { PushReply } from './pushRefusal';

/** Writes a whole answer, on HTTP/1.1 and HTTP/2 alike. A sender that has gone away is no fault. */
export function writeReply(response: ServerResponse, reply: PushReply): void {
  if (response.destroyed || response.writableEnded) return;
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

/** Answers with a body that does not end until the sender goes away. */
export function writeEndlessBody(response: ServerResponse, reply: PushReply): void {
  response.writeHead(reply.status, reply.headers);
  const chunk = Buffer.alloc(16_384, 'endless ');
  const timer = setInterval(() => {
    // a sender that does not read must not fill this process' memory
    if (!response.writableNeedDrain) response.write(chunk);
  }, 10);
  response.on('close', () => clearInterval(timer));
}
