import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoopOrder, LoopResult } from './loop';

/** Runs a peer in a process of its own, once. */
export async function runPeer(order: LoopOrder): Promise<LoopResult> {
  const child = fork(join(__dirname, 'webPushLoop.js'));
  child.send(order);
  const [result] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The peer ended with status ${code}.`))),
  ]);
  if (child.exitCode === null) await once(child, 'exit');
  return result as LoopResult;
}
