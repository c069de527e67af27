import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerPush, type PushDeps } from './answerPush';
import { answerControl, type ControlDeps } from './control/controlApi';
import { errno, PushRefusal, type PushReply, refusalReply } from './pushRefusal';
import { writeReply } from './writeReply';

export interface RequestDeps {
  readonly scheme: 'http' | 'https';
  readonly push: PushDeps;
  readonly control: ControlDeps;
}

const pushPath = '/wpush/v2/';
const messagePath = '/m/';
const controlPath = '/control/';

/** Leads one HTTP request to its part: push endpoint, message resource, control API. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  parts: RequestDeps,
): Promise<void> {
  const path = request.url ?? '/';
  if (path.startsWith(pushPath) && request.method === 'POST') {
    const address = { token: path.slice(pushPath.length), origin: addressedOrigin(request, parts.scheme) };
    return answerPush(request, response, address, parts.push);
  }
  if (path.startsWith(controlPath)) return writeReply(response, await answerControl(request, parts.control));
  request.resume();
  writeReply(response, answerOther(request.method, path, parts));
}

// RFC 6454: an origin is written in lower case and without the scheme's own port
function addressedOrigin(request: IncomingMessage, scheme: 'http' | 'https'): string {
  const authority = String(request.headers[':authority'] ?? request.headers.host ?? '');
  const ownPort = scheme === 'https' ? /:443$/ : /:80$/;
  return `${scheme}://${authority.toLowerCase().replace(ownPort, '')}`;
}

function answerOther(method: string | undefined, path: string, parts: RequestDeps): PushReply {
  if (path.startsWith(messagePath) && method === 'DELETE') {
    const cancelled = parts.push.messages.cancel(path.slice(messagePath.length));
    return cancelled ? { status: 204, headers: {}, body: '' } : notFound('No such undelivered message');
  }
  if (path.startsWith(pushPath)) {
    return refusalReply(new PushRefusal(405, errno.other, 'A push endpoint takes POST only'));
  }
  if (path === '/')
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'Local push service\n' };
  return notFound('Not found');
}

function notFound(message: string): PushReply {
  return refusalReply(new PushRefusal(404, errno.unknownSubscription, message));
}
