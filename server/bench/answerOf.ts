import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Runs a program in a process of its own that takes one order, gives one answer and ends. */
export async function answerOf<Order extends object, Answer>(program: string, order: Order): Promise<Answer> {
  const child = fork(program);
  child.send(order);
  const [answer] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`${program} ended without an answer, with status ${code}.`)),
    ),
  ]);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return answer as Answer;
}
