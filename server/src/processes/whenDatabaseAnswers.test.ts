import { silentLog } from '../observe/log';
import { whenDatabaseAnswers } from './whenDatabaseAnswers';

const failing = (code: string) => jest.fn().mockRejectedValue(Object.assign(new Error(code), { code }));

describe('the database at a start', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test.each(['ECONNREFUSED', 'EAI_AGAIN', 'ETIMEDOUT'])('is waited for while it says %s', async (code) => {
    const ask = failing(code);
    const answer = whenDatabaseAnswers(silentLog, ask);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(ask.mock.calls.length).toBeGreaterThan(5);
    ask.mockResolvedValue('there');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await answer).toBe('there');
  });

  test('is waited for a minute', async () => {
    const refused = expect(whenDatabaseAnswers(silentLog, failing('ECONNREFUSED'))).rejects.toThrow(
      'ECONNREFUSED',
    );
    await jest.advanceTimersByTimeAsync(70_000);
    await refused;
  });

  test.each(['ENOTFOUND', 'ER_ACCESS_DENIED_ERROR'])('is not waited for when it says %s', async (code) => {
    const ask = failing(code);
    await expect(whenDatabaseAnswers(silentLog, ask)).rejects.toThrow(code);
    expect(ask).toHaveBeenCalledTimes(1);
  });
});
