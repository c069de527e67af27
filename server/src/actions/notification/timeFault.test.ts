import { timeFault } from './timeFault';

const now = Date.UTC(2026, 0, 1);
const days = (count: number) => count * 86_400_000;

describe('the times of a send request', () => {
  test.each([
    ['no times', {}],
    ['sendAt in the past, which means now', { sendAt: now - days(1) }],
    ['sendAt a year ahead', { sendAt: now + days(366) }],
    ['expiresAt just ahead', { expiresAt: now + 1 }],
  ])('%s is fine', (_name, request) => {
    expect(timeFault(request, now)).toBeUndefined();
  });

  test.each([
    ['sendAt beyond a year', { sendAt: now + days(366) + 1 }, 'sendAt'],
    ['expiresAt now', { expiresAt: now }, 'expiresAt'],
    ['expiresAt in the past', { expiresAt: now - 1 }, 'expiresAt'],
  ])('%s is refused', (_name, request, field) => {
    expect(timeFault(request, now)).toMatchObject({ code: 'BAD_USER_INPUT', inputPath: ['input', field] });
  });
});
