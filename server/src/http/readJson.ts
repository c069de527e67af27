import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'express';

const maxBytes = 256 * 1024;
const parseAnything = json({ limit: maxBytes });
/** Some clients on Windows begin with it; RFC 8259 lets a reader ignore it. */
const byteOrderMark = '\ufeff';
const plainJson = /^application\/json(; ?charset=utf-8)?$/i;

/**
 * Reads the body of a request, of at most 256 kB.
 * @returns the object or array it holds; an empty object where it is no JSON by its own word
 * @throws what body-parser throws, which `faultOf` understands
 */
export function readJson(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const { 'content-type': type = '', 'content-encoding': encoding } = request.headers;
  if (encoding === undefined && plainJson.test(type)) return readPlain(request);
  return new Promise((resolve, reject) => {
    parseAnything(request, response, (error?: unknown) => {
      if (error) reject(error);
      else resolve(('body' in request && request.body) ?? {});
    });
  });
}

/** What nearly everybody sends, without the detours for all that might be sent. */
function readPlain(request: IncomingMessage): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else reject(Object.assign(new Error('too large'), { type: 'entity.too.large' }));
    });
    request.once('end', () => {
      try {
        resolve(parse(Buffer.concat(chunks).toString()));
      } catch {
        reject(Object.assign(new Error('no JSON'), { type: 'entity.parse.failed' }));
      }
    });
    // a caller that went away in the middle of it
    request.once('error', (error) => reject(Object.assign(error, { status: 400 })));
  });
}

function parse(text: string): unknown {
  const json = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  const value: unknown = json === '' ? {} : JSON.parse(json);
  if (typeof value === 'object' && value !== null) return value;
  throw new SyntaxError('neither an object nor an array');
}
