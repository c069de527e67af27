import type { DeliveryHistoryQuery, PersonQuery } from '../graphql/operations';
import { reasonInWords } from '../layout/reasons';

type Device = Pick<NonNullable<PersonQuery['person']>['devices'][number], 'retiredAt' | 'retiredReason'>;
type Delivery = Pick<
  DeliveryHistoryQuery['deliveryHistory'][number]['delivery'],
  'status' | 'reason' | 'displayedAt' | 'acceptedAt'
>;

const endings = new Map(
  Object.entries({
    gone: 'Cannot be reached: its push service said that the subscription has ended. It comes back by itself when the person visits again.',
    unsubscribed: 'Cannot be reached: the person unsubscribed.',
    replaced: 'Replaced by a newer subscription of the same browser.',
    'never-worked':
      'Retired: its push service never accepted a message for it. It comes back when the person visits again.',
    retired: 'Cannot be reached: an operator retired it.',
  }),
);

/** How many accepts in a row without a display look like a browser that does not show anything. */
const suspicious = 3;

/** In one sentence why this browser is not reached; undefined when it is, or when nothing was sent to it. */
export function whyNotReached(device: Device, deliveries: readonly Delivery[]): string | undefined {
  if (device.retiredAt) return endings.get(device.retiredReason ?? '') ?? 'Can no longer be reached.';
  const last = deliveries.find(({ status }) => status !== 'CANCELLED');
  if (!last) return undefined;
  if (last.status === 'PENDING') return 'The last one is still on its way.';
  if (last.status !== 'ACCEPTED') return `The last one did not get through: ${reasonInWords(last.reason)}.`;
  const unseen = deliveries.findIndex(({ displayedAt }) => displayedAt !== null);
  const count = unseen === -1 ? deliveries.length : unseen;
  if (count < suspicious) return undefined;
  return `Its push service took the last ${count}, but none was displayed: the device may be off, or its system hides notifications.`;
}
