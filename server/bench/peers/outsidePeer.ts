import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { generateVAPIDKeys } from 'web-push';
import { simulatedBrowser } from '../simulatedBrowser';
import { type LoopOrder, type LoopResult, warmUpMessages } from './loop';

const subject = 'mailto:bench@fanfare.example';
const vapidKeys = generateVAPIDKeys();

/** The name in the tables. */
export const nameOfPeer = (program: string) => basename(program);

/**
 * Runs a program that is no part of this repository, once. It reads an order as JSON from its standard input: the
 * fields of `LoopOrder`, `warmUpMessages` to send before anything is measured, the keys of the application server, and
 * a file with the push subscriptions. It writes a `LoopResult` to its standard output, with its own CPU time.
 * @param folder for the file with the subscriptions
 */
export function runOutsidePeer(
  program: string,
  order: Omit<LoopOrder, 'variant'>,
  folder: string,
): Promise<LoopResult> {
  const subscriptionsFile = join(folder, 'subscriptions.json');
  writeFileSync(subscriptionsFile, JSON.stringify(subscriptionsOf(order)));
  return new Promise((resolve, reject) => {
    const child = execFile(program, (error, output) => {
      if (error) reject(error);
      else resolve(toResult(program, output));
    });
    child.stdin?.end(
      JSON.stringify({
        ...order,
        subscriptionsFile,
        subject,
        warmUpMessages: Math.min(warmUpMessages, order.messages),
        vapidPublicKey: vapidKeys.publicKey,
        vapidPrivateKey: vapidKeys.privateKey,
      }),
    );
  });
}

function subscriptionsOf({ messages, origin }: Omit<LoopOrder, 'variant'>) {
  return Array.from({ length: messages }, (_, index) => {
    const { path, publicKey, authSecret } = simulatedBrowser(index);
    const keys = { p256dh: publicKey.toString('base64url'), auth: authSecret.toString('base64url') };
    return { endpoint: origin + path, keys };
  });
}

function toResult(program: string, output: string): LoopResult {
  const { cpuMicrosecondsPerMessage, messagesPerSecond } = JSON.parse(output) as Partial<LoopResult>;
  if (!Number.isFinite(cpuMicrosecondsPerMessage) || !Number.isFinite(messagesPerSecond)) {
    throw new Error(`${program} gave no result.`);
  }
  return {
    cpuMicrosecondsPerMessage: Number(cpuMicrosecondsPerMessage),
    messagesPerSecond: Number(messagesPerSecond),
  };
}
