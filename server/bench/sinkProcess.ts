import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Certificate } from './certificate';

/** What the sink is told: to forget and count anew, or to say what it has counted. */
export type SinkOrder =
  | { readonly kind: 'begin'; readonly browsers: number; readonly delayMs: number }
  | { readonly kind: 'report' };

export interface SinkReport {
  posts: number;
  /** Browsers that were posted to at least once. */
  distinct: number;
  /** POSTs that a push service would have refused; `faults` says why, for the first few. */
  faulty: number;
  /** POSTs whose VAPID token was verified and whose payload was decrypted. */
  verified: number;
  faults: string[];
  /** On the clock of `process.hrtime`, which all processes of a machine share. */
  firstPostAtNs?: string;
  /** POSTs of high urgency, which are not counted above. */
  urgent: { index: number; atNs: string }[];
}

/** The push service of the benchmark, in a process of its own. */
export interface Sink {
  readonly pid: number;
  readonly port: number;
  readonly origin: string;
  /** Forgets what it has counted. */
  begin(order: { browsers: number; delayMs?: number }): Promise<void>;
  report(): Promise<SinkReport>;
  stop(): Promise<void>;
}

export async function startSink(certificate: Certificate, verifyOneIn: number): Promise<Sink> {
  const child = fork(join(__dirname, 'sink.js'), {
    env: {
      ...process.env,
      SINK_KEY_FILE: certificate.keyFile,
      SINK_CERT_FILE: certificate.certFile,
      SINK_VERIFY_ONE_IN: String(verifyOneIn),
    },
  });
  const exited = once(child, 'exit');
  const { port } = await nextMessage<{ port: number }>(child);
  return {
    pid: child.pid ?? 0,
    port,
    origin: `https://localhost:${port}`,
    begin: async ({ browsers, delayMs = 0 }) => {
      await ask(child, { kind: 'begin', browsers, delayMs });
    },
    report: () => ask<SinkReport>(child, { kind: 'report' }),
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

async function ask<Answer>(child: ChildProcess, order: SinkOrder): Promise<Answer> {
  const answer = nextMessage<Answer>(child);
  child.send(order);
  return answer;
}

async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const ending = new AbortController();
  const { signal } = ending;
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('The push service of the benchmark has ended.');
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    return message as Message;
  } finally {
    ended.catch(() => undefined);
    ending.abort();
  }
}
