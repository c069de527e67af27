import { decodeDispatchMessage, encodeDispatchMessage } from './dispatchMessage';

describe('a dispatch message', () => {
  it('comes back as it was written', () => {
    const message = { dispatchId: 7, notificationId: Number.MAX_SAFE_INTEGER };
    expect(decodeDispatchMessage(encodeDispatchMessage(message))).toEqual(message);
  });

  it('is written as versioned JSON', () => {
    const written = encodeDispatchMessage({ dispatchId: 7, notificationId: 3 }).toString();
    expect(JSON.parse(written)).toEqual({ v: 1, dispatchId: 7, notificationId: 3 });
  });

  it.each([
    ['not JSON', 'dispatch 7'],
    ['nothing', ''],
    ['null', 'null'],
    ['an array', '[1,7,3]'],
    ['a later version', '{"v":2,"dispatchId":7,"notificationId":3}'],
    ['no version', '{"dispatchId":7,"notificationId":3,"x":1}'],
    ['a member too many', '{"v":1,"dispatchId":7,"notificationId":3,"lane":"bulk"}'],
    ['a member too few', '{"v":1,"dispatchId":7}'],
    ['an id of zero', '{"v":1,"dispatchId":0,"notificationId":3}'],
    ['a negative id', '{"v":1,"dispatchId":7,"notificationId":-3}'],
    ['a fraction', '{"v":1,"dispatchId":7.5,"notificationId":3}'],
    ['an id as a string', '{"v":1,"dispatchId":"7","notificationId":3}'],
    ['an id beyond the safe integers', '{"v":1,"dispatchId":9007199254740993,"notificationId":3}'],
  ])('is refused when it is %s', (_, written) => {
    expect(decodeDispatchMessage(Buffer.from(written))).toBeUndefined();
  });
});
