import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packBuffers, unpackBuffers } from './packedBuffers';

/** Messages that change threads together: the way there and back takes some 50 us of CPU. */
const batchSize = 16;
/** One that is worked at, and one that lies ready. */
const batchesEach = 2;

interface Job {
  readonly plaintext: Buffer;
  readonly p256dh: Buffer;
  readonly auth: Buffer;
  readonly resolve: (body: Buffer | undefined) => void;
}

interface Thread {
  readonly worker: Worker;
  /** In the order in which they were handed over, which is that of the answers. */
  readonly underWay: Job[][];
}

/**
 * Encrypts on threads of their own, so that the event loop keeps its time for connections and other people's messages,
 * and one process can use more than one core. For broadcasts: a single message is faster without the way.
 */
export class EncryptionThreads {
  readonly #threads: readonly Thread[];
  readonly #waiting: Job[] = [];
  #willHandOver = false;

  /**
   * @param count how many threads, at least one
   * @param file the compiled `encryptionThread.ts`
   */
  constructor(count: number, file = join(__dirname, 'encryptionThread.js')) {
    this.#threads = Array.from({ length: count }, () => this.#start(file));
  }

  /** More wait than the threads are going to take next: what is added now only waits. */
  get isBehind(): boolean {
    return this.#waiting.length > this.#threads.length * batchSize * batchesEach;
  }

  /** As `encryptOrRefuse`, later. */
  encrypt(plaintext: Buffer, p256dh: Buffer, auth: Buffer): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push({ plaintext, p256dh, auth, resolve });
      if (this.#waiting.length >= batchSize) this.#handOver();
      else this.#handOverSoon();
    });
  }

  /** Ends the threads. What they had not encrypted is never answered, so stop whoever waits for it first. */
  async stop(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(file: string): Thread {
    // it sees nothing of the environment and its secrets
    const worker = new Worker(file, { env: {}, execArgv: [], name: 'fanfare encryption' });
    const thread: Thread = { worker, underWay: [] };
    worker.on('message', (packed: ArrayBuffer) => this.#answer(thread, packed));
    // without a listener for 'error' a fault in the thread is an uncaught exception here, which it ought to be
    // idle, it keeps no process from ending
    worker.unref();
    return thread;
  }

  /** At the end of this turn of the event loop, when all that it brings is there. */
  #handOverSoon(): void {
    if (this.#willHandOver) return;
    this.#willHandOver = true;
    setImmediate(() => {
      this.#willHandOver = false;
      this.#handOver();
    });
  }

  #handOver(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#leastBusy();
      if (!thread) return;
      const batch = this.#waiting.splice(0, batchSize);
      if (thread.underWay.push(batch) === 1) thread.worker.ref();
      const packed = packBuffers(batch.flatMap(({ plaintext, p256dh, auth }) => [plaintext, p256dh, auth]));
      thread.worker.postMessage(packed, [packed]);
    }
  }

  #leastBusy(): Thread | undefined {
    let found: Thread | undefined;
    for (const thread of this.#threads) {
      if (thread.underWay.length < (found?.underWay.length ?? batchesEach)) found = thread;
    }
    return found;
  }

  #answer(thread: Thread, packed: ArrayBuffer): void {
    const batch = thread.underWay.shift() ?? [];
    this.#handOver();
    if (thread.underWay.length === 0) thread.worker.unref();
    for (const [index, body] of unpackBuffers(packed).entries()) {
      batch[index]?.resolve(body.length === 0 ? undefined : body);
    }
  }
}
