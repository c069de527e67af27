import type { IncomingMessage } from 'node:http';

/**
 * Reads a request's body. What goes beyond `limitBytes` is read and thrown away, so that the sender gets
 * an answer, and one byte too many is kept to show it. Undefined when the sender went away.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      if (bytes <= limitBytes) chunks.push(chunk.subarray(0, limitBytes + 1 - bytes));
      bytes += chunk.length;
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', () => resolve(undefined));
    request.on('close', () => resolve(undefined));
  });
}
