/** The programs we compare ourselves with. */
export const peers = ['web-push', 'web-push, cached VAPID', 'encryption alone'] as const;

export interface LoopOrder {
  readonly variant: (typeof peers)[number];
  readonly origin: string;
  readonly caFile: string;
  readonly messages: number;
  readonly concurrency: number;
  readonly payload: string;
}

export interface LoopResult {
  readonly cpuMicrosecondsPerMessage: number;
  readonly messagesPerSecond: number;
}

/** Sent before anything is measured. */
export const warmUpMessages = 500;

/** Sends all messages, `concurrency` at a time, after a few to warm up; counts the process' own CPU time. */
export async function measureLoop(
  order: LoopOrder,
  sendOne: (index: number) => Promise<void>,
): Promise<LoopResult> {
  await sendAll(Math.min(warmUpMessages, order.messages), order.concurrency, sendOne);
  const cpu = process.cpuUsage();
  const startedAt = process.hrtime.bigint();
  await sendAll(order.messages, order.concurrency, sendOne);
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpuMicrosecondsPerMessage: (user + system) / order.messages,
    messagesPerSecond: order.messages / seconds,
  };
}

async function sendAll(
  messages: number,
  concurrency: number,
  sendOne: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < messages) {
      const index = next;
      next += 1;
      await sendOne(index);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}
