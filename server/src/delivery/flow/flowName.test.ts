import type { ClaimedDispatch } from '../claimDispatch';
import type { Target } from '../targets';
import { flowNameOf, flowNameOfDispatch } from './flowName';

const paris = 'https://wns2-par02p.notify.windows.com/w/?token=a';
const invented = 'https://x1.notify.windows.com/w/?token=a';

test.each([
  ['fcm', 'https://fcm.googleapis.com/fcm/send/a', 'fcm'],
  ['push.example.org', 'https://push.example.org/a', 'push.example.org'],
  ['wns', paris, 'wns2-par02p.notify.windows.com'],
  ['wns', invented, 'x1.notify.windows.com'],
])('a delivery of %s to %s is controlled as %s', (pushService, endpoint, name) => {
  expect(flowNameOf(pushService, endpoint)).toBe(name);
});

test.each<[string, string, string[] | undefined, string]>([
  ['of one push service', 'fcm', undefined, 'fcm'],
  ['to one host', 'wns', [paris, paris], 'wns2-par02p.notify.windows.com'],
  ['to several hosts', 'wns', [paris, invented], 'wns/7'],
  ['whose deliveries are not read yet', 'wns', undefined, 'wns/7'],
])('a dispatch %s', (_what, pushService, endpoints, name) => {
  const targets = endpoints?.map((endpoint) => ({ subscription: { endpoint } }) as Target);
  const dispatch = { pushService, targets, message: { applicationId: 7 } } as ClaimedDispatch;
  expect(flowNameOfDispatch(dispatch)).toBe(name);
});
