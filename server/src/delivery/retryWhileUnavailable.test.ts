import { silentLog } from '../observe/log';
import { type RetryDeps, retryWhileUnavailable } from './retryWhileUnavailable';

const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
const broken = new Error('broken');

/** Fails so often, then gives 'done'. */
function failing(times: number, error: Error) {
  let calls = 0;
  const work = async () => {
    calls += 1;
    if (calls <= times) throw error;
    return 'done';
  };
  return { work, calls: () => calls };
}

describe('waiting for the database', () => {
  let now = 0;
  let stopping = false;
  const deps: RetryDeps = { stopping: () => stopping, log: silentLog };

  beforeEach(() => {
    now = 1_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    stopping = false;
  });

  afterEach(() => jest.restoreAllMocks());

  it('does the work once when the database is there', async () => {
    const { work, calls } = failing(0, away);
    expect(await retryWhileUnavailable(deps, 1, work)).toBe('done');
    expect(calls()).toBe(1);
  });

  it('does it again while the database is away', async () => {
    const { work, calls } = failing(2, away);
    expect(await retryWhileUnavailable(deps, 1, work)).toBe('done');
    expect(calls()).toBe(3);
  });

  it('does not repeat what fails for another reason', async () => {
    const { work, calls } = failing(1, broken);
    await expect(retryWhileUnavailable(deps, 1, work)).rejects.toBe(broken);
    expect(calls()).toBe(1);
  });

  it('gives up after five minutes', async () => {
    const { work } = failing(Number.POSITIVE_INFINITY, away);
    const late = async () => {
      now += 301_000;
      return work();
    };
    await expect(retryWhileUnavailable(deps, 1, late)).rejects.toBe(away);
  });

  it('gives up at once in a shutdown, unless something is worth a while', async () => {
    stopping = true;
    const first = failing(1, away);
    await expect(retryWhileUnavailable(deps, 1, first.work)).rejects.toBe(away);
    const second = failing(1, away);
    expect(await retryWhileUnavailable(deps, 1, second.work, 8_000)).toBe('done');
  });

  it('ends that while, too', async () => {
    stopping = true;
    const { work, calls } = failing(Number.POSITIVE_INFINITY, away);
    const slow = async () => {
      now += 5_000;
      return work();
    };
    await expect(retryWhileUnavailable(deps, 1, slow, 8_000)).rejects.toBe(away);
    expect(calls()).toBe(3);
  });
});
