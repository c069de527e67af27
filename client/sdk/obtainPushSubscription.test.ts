import { obtainPushSubscription } from './obtainPushSubscription';

const key = 'BAAA';

/** A push manager whose `subscribe` does this. */
function managerThat(subscribe: () => Promise<unknown>): PushManager {
  return { getSubscription: async () => null, subscribe } as unknown as PushManager;
}

describe('obtainPushSubscription', () => {
  afterEach(() => jest.useRealTimers());

  it('gives up a push service that never answers, as Chromium offline', async () => {
    jest.useFakeTimers();
    const obtained = obtainPushSubscription(
      managerThat(() => new Promise(() => undefined)),
      key,
    );
    const refused = expect(obtained).rejects.toMatchObject({ code: 'PUSH_SERVICE_UNREACHABLE' });
    await jest.advanceTimersByTimeAsync(30_000);
    await refused;
  });

  it.each([
    ['NotAllowedError', 'PERMISSION_DENIED'],
    ['AbortError', 'PUSH_SERVICE_UNREACHABLE'],
    ['NotSupportedError', 'UNSUPPORTED'],
    ['InvalidAccessError', 'SUBSCRIBE_FAILED'],
  ])('says %s of the browser as %s', async (name, code) => {
    const refuse = async () => {
      throw new DOMException('no', name);
    };
    await expect(obtainPushSubscription(managerThat(refuse), key)).rejects.toMatchObject({
      name: 'FanfareError',
      code,
      cause: { name },
    });
  });
});
