import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { type ReachReason, reachReasons } from '../../model/reachReason';
import { DeliveryType } from '../delivery/deliveryType';
import { NotificationType } from '../notification/notificationType';
import { PushSubscriptionType } from '../pushSubscription/pushSubscriptionType';

const descriptions: Readonly<Record<ReachReason, string>> = {
  DISPLAYED: 'The service worker said that it was shown.',
  ACCEPTED:
    'The push service took it, and nothing has said yet that it was shown: the device is off or offline, its system hides notifications, or the receipt got lost.',
  BEING_SENT: 'On its way to the push service.',
  WAITS_TO_RETRY: 'An attempt failed; the next is made at `nextAttemptAt` of the delivery.',
  WAITS_FOR_PUSH_SERVICE: 'The push service takes nothing at present; it is sent once that does.',
  NOT_YET:
    'It is sent later, or its audience is still being found and the turn of this browser has not come.',
  EXPIRED: 'The TTL or `expiresAt` ran out before the push service took it.',
  EXHAUSTED: 'Every attempt failed; `reason` of the delivery says how the last one did.',
  REJECTED: 'The push service refused it; `reason` of the delivery says why.',
  CANCELLED: 'It was cancelled first.',
  GONE: 'The push service said that the push subscription is no more, or it ended before it was sent to.',
  SUBSCRIBED_LATER:
    'The browser subscribed, or came to belong to this user, after it was sent; what its former user was sent is not shown.',
  STALE:
    'The browser had not been seen for longer than `staleAfterDays` of the application, so the broadcast left it out.',
  MEANT_SINCE:
    'The audience names the browser now, but did not when it was found: its tags or its user have changed since.',
  NOT_MEANT: 'The audience does not name the browser.',
  ENDED_BEFORE: 'The push subscription ended before its turn came.',
  NO_BROWSER: 'No browser was ever registered for this user.',
};

export const ReachReasonEnum = Object.fromEntries(reachReasons.map((reason) => [reason, reason]));

registerEnumType(ReachReasonEnum, {
  name: 'ReachReason',
  description: 'Why a notification did or did not reach a browser; of several, the better one stands first.',
  valuesConfig: Object.fromEntries(
    Object.entries(descriptions).map(([reason, description]) => [reason, { description }]),
  ),
});

@ObjectType('BrowserExplanation', {
  description: 'Why a notification did or did not reach one browser of a user.',
})
export class BrowserExplanationType {
  @Field(() => PushSubscriptionType, { description: 'The browser.' })
  subscription!: PushSubscriptionType;

  @Field(() => ReachReasonEnum, { description: 'Why.' })
  reason!: ReachReason;

  @Field(() => DeliveryType, { nullable: true, description: 'What was sent to it; null when nothing was.' })
  delivery!: DeliveryType | null;
}

@ObjectType('DeliveryExplanation', { description: 'Why a notification did or did not reach a user.' })
export class DeliveryExplanationType {
  @Field(() => NotificationType, { description: 'What was sent.' })
  notification!: NotificationType;

  @Field(() => ReachReasonEnum, {
    description: 'Of all browsers, the reason of the one that was reached best.',
  })
  reason!: ReachReason;

  @Field(() => [BrowserExplanationType], {
    description: 'Every browser, retired ones too, last seen first; at most 200.',
  })
  browsers!: BrowserExplanationType[];
}
