import type { Request, Response } from 'express';
import { isLoopbackHost } from '../../model/url/loopbackHost';
import { isLoopback, isProxied } from '../peerAddress';

/** Keys that the demo page is given: development only. */
export interface DemoKeys {
  /** Publishable. */
  readonly key: string;
  /** Secret, to send and read. */
  readonly sendKey: string;
}

/**
 * Holds a secret key, so it answers this machine only: not through a proxy, which would make every caller look local, and
 * not under a foreign name that resolves to this machine (DNS rebinding).
 */
export function sendDemoConfig(request: Request, response: Response, demo: DemoKeys): void {
  if (!isLoopback(request.ip) || isProxied(request) || !isLoopbackHost(request.hostname)) {
    response
      .status(403)
      .json({ error: 'The demo is for this machine only, and not for callers behind a proxy.' });
    return;
  }
  // relative to this very answer
  response.set('Cache-Control', 'no-store').json({ url: '../graphql', key: demo.key, sendKey: demo.sendKey });
}
