import type { Request, Response } from 'express';
import { isLoopbackHost } from '../model/loopbackHost';
import { isLoopback } from './peerAddress';

/** Keys that the demo page is given: development only. */
export interface DemoKeys {
  /** Publishable. */
  readonly key: string;
  /** Secret, to send and read. */
  readonly sendKey: string;
}

/** Headers that only a proxy adds. */
const proxyHeaders = ['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'cf-connecting-ip', 'true-client-ip'];

/**
 * Holds a secret key, so it answers this machine only: not through a proxy, which would make everybody look local, and
 * not under a foreign name that resolves to this machine (DNS rebinding).
 */
export function sendDemoConfig(request: Request, response: Response, demo: DemoKeys): void {
  if (!isLoopback(request.ip) || isProxied(request) || !isLoopbackHost(request.hostname)) {
    response
      .status(403)
      .json({ error: 'The demo is for this machine only, and not for callers behind a proxy.' });
    return;
  }
  response.set('Cache-Control', 'no-store').json({ url: '/graphql', key: demo.key, sendKey: demo.sendKey });
}

/** No browser speaks HTTP/1.0; some proxies do unless told otherwise, and say nothing else of themselves. */
function isProxied({ headers, httpVersion }: Request): boolean {
  const names = Object.keys(headers);
  return (
    httpVersion === '1.0' ||
    names.some((name) => name.startsWith('x-forwarded-') || proxyHeaders.includes(name))
  );
}
