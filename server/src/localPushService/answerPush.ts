import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type AcceptanceDeps, acceptPushMessage, type PushRequest } from './acceptPushMessage';
import type { ScriptedAnswer, ScriptedAnswers } from './control/scriptedAnswers';
import type { PushReply } from './pushRefusal';
import type { PushRequestLog, SeenPushRequest } from './pushRequestLog';
import { readBody } from './readBody';
import { maxBodyBytes } from './userAgent/encryptedBody';
import { writeEndlessBody, writeReply } from './writeReply';

export interface PushDeps extends AcceptanceDeps {
  readonly scripts: ScriptedAnswers;
  readonly requests: PushRequestLog;
  /** Breaks the connection a request came by. */
  readonly resetConnection: (request: IncomingMessage) => void;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly push: PushRequest;
  readonly parts: PushDeps;
}

/** Answers one `POST` to a push endpoint: as a script says, or by the rules of a push service. */
export async function answerPush(
  request: IncomingMessage,
  response: ServerResponse,
  address: { token: string; origin: string },
  parts: PushDeps,
): Promise<void> {
  parts.requests.began();
  response.on('close', () => parts.requests.ended());
  const body = await readBody(request, maxBodyBytes);
  if (!body) return;
  const exchange = { request, response, parts, push: { ...address, headers: request.headers, body } };
  const script = parts.scripts.take(address.token, address.origin.replace(/^https?:\/\//, ''));
  if (!script) return answer(exchange, acceptPushMessage(exchange.push, parts));
  await playScript(exchange, script);
}

async function playScript(exchange: Exchange, script: ScriptedAnswer): Promise<void> {
  const { request, response, push, parts } = exchange;
  const accepted = script.accept ? acceptPushMessage(push, parts) : undefined;
  if (script.delayMs !== undefined) await wait(script.delayMs, undefined, { ref: false });
  if (script.stall) return note(exchange, 'stall');
  if (script.reset) {
    note(exchange, 'reset');
    return parts.resetConnection(request);
  }
  if (script.endlessBody) {
    note(exchange, 'endlessBody');
    return writeEndlessBody(response, scriptedReply(script));
  }
  if (script.status !== undefined) return answer(exchange, scriptedReply(script));
  answer(exchange, accepted ?? acceptPushMessage(push, parts));
}

function scriptedReply({ status = 200, headers = {}, body = '' }: ScriptedAnswer): PushReply {
  return { status, headers, body };
}

function answer(exchange: Exchange, reply: PushReply): void {
  note(exchange, reply.status);
  writeReply(exchange.response, reply);
}

function note({ push, parts }: Exchange, outcome: SeenPushRequest['outcome']): void {
  const { token, origin, headers, body } = push;
  parts.requests.add({ at: new Date(), token, origin, headers, bodyBytes: body.length, outcome });
}
