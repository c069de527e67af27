import type { Database } from '../../database/openDatabase';
import type { Statement } from '../../database/sql';
import { silentLog } from '../../observe/log';
import { PushServiceGates } from './pushServiceGates';
import { type GateReporter, reportGates } from './reportGates';

const tickMs = 2_000;

describe('telling a database that is slow to listen', () => {
  let answers: (() => void)[];
  let told: (readonly Statement[])[];
  let reporter: GateReporter;

  /** Answers nothing before it is made to. */
  const write: Database['write'] = async (work) => {
    const result = await work({
      rows: async () => [],
      batch: async (statements) => {
        told.push(statements);
        return [];
      },
      run: async () => ({ affected: 0, insertId: 0 }),
    });
    await new Promise<void>((resolve) => answers.push(resolve));
    return result;
  };
  const answer = async () => {
    await jest.advanceTimersByTimeAsync(0);
    for (const resolve of answers.splice(0)) resolve();
    await jest.advanceTimersByTimeAsync(0);
  };
  /** One POST in each tick. */
  const pass = async (ticks: number) => {
    for (let tick = 0; tick < ticks; tick += 1) {
      reporter.onAttempt('push.example.org');
      await jest.advanceTimersByTimeAsync(tickMs);
    }
  };

  beforeEach(async () => {
    jest.useFakeTimers();
    [answers, told] = [[], []];
    const gates = new PushServiceGates(Date.now);
    gates.of('push.example.org');
    reporter = reportGates({
      database: { write, now: Date.now } as unknown as Database,
      gates,
      worker: 'one',
      log: silentLog,
    });
    await answer();
  });

  afterEach(() => jest.useRealTimers());

  test('is done once at a time, and then says how things stand', async () => {
    await pass(10);
    expect(told).toHaveLength(1);
    await answer();
    await pass(1);
    expect(told).toHaveLength(2);
    expect(told[1]?.[0]?.values).toContain(60_000 / tickMs);
  });

  test('holds up no shutdown', async () => {
    await pass(1);
    const stopped = jest.fn();
    void reporter.stop().then(stopped);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(stopped).toHaveBeenCalled();
  });

  test('is waited for at the end when it is quick', async () => {
    await pass(1);
    const stopped = jest.fn();
    void reporter.stop().then(stopped);
    await answer();
    expect(stopped).not.toHaveBeenCalled();
    await answer();
    expect(stopped).toHaveBeenCalled();
  });
});
