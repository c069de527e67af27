import { deliveryStatusCode } from '../../model/deliveryStatus';
import type { ReachReason } from '../../model/reachReason';
import { bestReason, explainReach, type ReachFacts } from './explainDelivery';

const sentAt = 1_000_000;
const notification: ReachFacts['notification'] = {
  ...{ status: 'SENDING', createdAt: sentAt, sendAt: null, expandDueAt: null, expandCursor: 0 },
};
const device = { id: 7, userSince: sentAt - 1, retiredAt: null };
const facts: ReachFacts = {
  ...{
    notification,
    device,
    delivery: undefined,
    isMeant: true,
    isStale: false,
    isPaused: false,
    now: sentAt + 5_000,
  },
};
type Status = Parameters<typeof deliveryStatusCode>[0];
const delivery = (status: Status, more: Partial<ReachFacts['delivery']> = {}): ReachFacts['delivery'] => ({
  ...{ status: deliveryStatusCode(status), attempts: 1, displayedAt: null, dueAt: null, ...more },
});

test.each<[ReachReason, Partial<ReachFacts>]>([
  ['DISPLAYED', { delivery: delivery('ACCEPTED', { displayedAt: sentAt + 9 }) }],
  // a receipt came although the answer of the push service got lost
  ['DISPLAYED', { delivery: delivery('EXHAUSTED', { displayedAt: sentAt + 9 }), isPaused: true }],
  ['ACCEPTED', { delivery: delivery('ACCEPTED'), isPaused: true }],
  ['BEING_SENT', { delivery: delivery('PENDING', { attempts: 0, dueAt: sentAt + 9_000 }) }],
  ['BEING_SENT', { delivery: delivery('PENDING', { dueAt: sentAt + 4_999 }) }],
  ['WAITS_TO_RETRY', { delivery: delivery('PENDING', { dueAt: sentAt + 5_001 }) }],
  ['WAITS_FOR_PUSH_SERVICE', { delivery: delivery('PENDING', { attempts: 0 }), isPaused: true }],
  ['EXPIRED', { delivery: delivery('EXPIRED') }],
  ['EXHAUSTED', { delivery: delivery('EXHAUSTED') }],
  ['REJECTED', { delivery: delivery('REJECTED') }],
  ['CANCELLED', { delivery: delivery('CANCELLED') }],
  ['GONE', { delivery: delivery('GONE'), device: { ...device, retiredAt: sentAt + 3 }, isMeant: false }],
  ['ENDED_BEFORE', { device: { ...device, retiredAt: sentAt - 1 }, isMeant: false }],
  ['NOT_MEANT', { isMeant: false }],
  ['NOT_MEANT', { isMeant: false, notification: { ...notification, status: 'CANCELLED' } }],
  ['CANCELLED', { notification: { ...notification, status: 'CANCELLED' } }],
  ['NOT_YET', { notification: { ...notification, status: 'SCHEDULED', expandDueAt: sentAt + 60_000 } }],
  ['NOT_YET', { notification: { ...notification, expandDueAt: sentAt, expandCursor: 6 } }],
  ['MEANT_SINCE', { notification: { ...notification, expandDueAt: sentAt, expandCursor: 7 } }],
  ['MEANT_SINCE', {}],
  ['STALE', { isStale: true }],
  ['NOT_MEANT', { isStale: true, isMeant: false }],
  ['DISPLAYED', { isStale: true, delivery: delivery('ACCEPTED', { displayedAt: sentAt }) }],
  ['SUBSCRIBED_LATER', { device: { ...device, userSince: sentAt + 1 } }],
  ['SUBSCRIBED_LATER', { device: { ...device, userSince: sentAt + 1 }, delivery: delivery('ACCEPTED') }],
  ['ACCEPTED', { device: { ...device, userSince: sentAt }, delivery: delivery('ACCEPTED') }],
  [
    'MEANT_SINCE',
    { notification: { ...notification, sendAt: sentAt + 10 }, device: { ...device, userSince: sentAt + 9 } },
  ],
])('%s: %j', (reason, given) => {
  expect(explainReach({ ...facts, ...given })).toBe(reason);
});

test('of several browsers the one that was reached best tells most about a person', () => {
  expect(bestReason(['GONE', 'ACCEPTED', 'NOT_MEANT'])).toBe('ACCEPTED');
  expect(bestReason(['NOT_MEANT', 'ENDED_BEFORE'])).toBe('NOT_MEANT');
  expect(bestReason([])).toBe('NO_BROWSER');
});
