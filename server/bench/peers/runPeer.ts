import { join } from 'node:path';
import { answerOf } from '../answerOf';
import type { LoopOrder, LoopResult } from './loop';

/** Runs a peer in a process of its own, once. */
export function runPeer(order: LoopOrder): Promise<LoopResult> {
  return answerOf(join(__dirname, 'webPushLoop.js'), order);
}
