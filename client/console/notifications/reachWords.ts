import type { ReachReason } from '../graphql/operations';

interface ReachWords {
  /** One or two words. */
  readonly short: string;
  readonly long: string;
}

/** Why a notification did or did not reach somebody, for an operator. */
export const reachWords: Readonly<Record<ReachReason, ReachWords>> = {
  DISPLAYED: { short: 'shown', long: 'It was shown.' },
  ACCEPTED: {
    short: 'with the push service',
    long: 'Its push service took it, and nothing has said yet that it was shown: the device is off or offline, or its system hides notifications.',
  },
  BEING_SENT: { short: 'on its way', long: 'It is on its way to the push service.' },
  WAITS_TO_RETRY: { short: 'tried again', long: 'An attempt failed, and it is tried again.' },
  WAITS_FOR_PUSH_SERVICE: {
    short: 'waits',
    long: 'Its push service takes nothing at present. It is sent once that does.',
  },
  NOT_YET: { short: 'not yet', long: 'Its turn has not come.' },
  EXPIRED: { short: 'expired', long: 'Its time ran out before the push service took it.' },
  EXHAUSTED: { short: 'failed', long: 'Every attempt failed.' },
  REJECTED: { short: 'refused', long: 'The push service refused it.' },
  CANCELLED: { short: 'cancelled', long: 'The notification was cancelled first.' },
  GONE: { short: 'gone', long: 'This browser is no longer subscribed.' },
  SUBSCRIBED_LATER: { short: 'later', long: 'This browser subscribed after the notification was sent.' },
  STALE: {
    short: 'not seen',
    long: 'This browser had not been seen for longer than the application allows, so the broadcast left it out.',
  },
  MEANT_SINCE: {
    short: 'since then',
    long: 'It would be for this browser now. Its tags or its user were others when it was sent.',
  },
  NOT_MEANT: { short: 'not meant', long: 'The audience does not name this browser.' },
  ENDED_BEFORE: { short: 'ended', long: 'This browser’s subscription ended before its turn came.' },
  NO_BROWSER: { short: 'nobody', long: 'No browser was ever registered for this user id.' },
};
