import { WebSocket } from 'ws';
import { until } from './until';

/** A node process that was started with `--inspect`, asked over the inspector's protocol. */
export interface HeapProbe {
  /** Bytes of live objects, after a full garbage collection that this causes. */
  liveBytes(): Promise<number>;
  close(): void;
}

interface Answer {
  readonly id?: number;
  readonly result?: { readonly usedSize?: number };
  readonly error?: { readonly message: string };
}

const patienceMs = 20_000;

/** What node is given to be asked at that port of the loopback address. */
export function inspectOption(port: number): string {
  return `--inspect=127.0.0.1:${port}`;
}

export async function openHeapProbe(port: number): Promise<HeapProbe> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
  const answers = new Map<number, Answer>();
  socket.on('message', (text) => {
    const answer = JSON.parse(String(text)) as Answer;
    if (answer.id !== undefined) answers.set(answer.id, answer);
  });
  socket.on('error', () => undefined);
  await until('the inspector', patienceMs, async () => socket.readyState === WebSocket.OPEN || undefined);
  let lastId = 0;
  const ask = async (method: string): Promise<Answer> => {
    lastId += 1;
    const id = lastId;
    socket.send(JSON.stringify({ id, method }));
    const answer = await until(method, patienceMs, async () => answers.get(id));
    answers.delete(id);
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer;
  };
  return {
    liveBytes: async () => {
      await ask('HeapProfiler.collectGarbage');
      return (await ask('Runtime.getHeapUsage')).result?.usedSize ?? 0;
    },
    close: () => socket.close(),
  };
}
