import type { SubscriptionLimitsQuery } from '../graphql/operations';
import { asShare, asTimeOfDay, inFull } from '../layout/words';

/** An application with what it has of the browsers that it may have. */
export type LimitedApplication = SubscriptionLimitsQuery['applications'][number];

/** From this share of its limit on, the log of the server warns of an application, too. */
const nearlyFullShare = 0.8;

export type Fullness = 'ROOMY' | 'NEARLY_FULL' | 'FULL';

export function fullnessOf({ liveSubscriptions, subscriptionLimit }: LimitedApplication): Fullness {
  if (subscriptionLimit === null || liveSubscriptions < subscriptionLimit * nearlyFullShare) return 'ROOMY';
  return liveSubscriptions >= subscriptionLimit ? 'FULL' : 'NEARLY_FULL';
}

/** How near an application is to its limit: 1 at the limit, 0 without one. */
export function shareOf({ liveSubscriptions, subscriptionLimit }: LimitedApplication): number {
  return subscriptionLimit === null ? 0 : liveSubscriptions / subscriptionLimit;
}

/** Those that refuse new browsers, or soon will: the fullest first. */
export function alarmingOf(applications: readonly LimitedApplication[]): LimitedApplication[] {
  return applications
    .filter((each) => fullnessOf(each) !== 'ROOMY' || each.newSubscriptionsRefusedUntil !== null)
    .sort((a, b) => shareOf(b) - shareOf(a));
}

/** "812 of 1,000 browsers (81.2%)". */
export function useInWords(application: LimitedApplication): string {
  const { liveSubscriptions: live, subscriptionLimit: limit } = application;
  return limit === null
    ? `${inFull(live)} browsers, without a limit`
    : `${inFull(live)} of ${inFull(limit)} browsers (${asShare(live, limit)})`;
}

/** What to do about the limits that these applications have reached, or nearly. */
export function remedyFor(applications: readonly LimitedApplication[]): string {
  const ways = [
    applications.some((each) => fullnessOf(each) !== 'ROOMY') && '“Browsers in all” in the settings',
    applications.some((each) => each.newSubscriptionsRefusedUntil !== null) &&
      'FANFARE_NEW_SUBSCRIPTIONS_PER_HOUR of the installation',
  ].filter((way) => way !== false);
  return `Look for invented browsers, or raise ${ways.join(', and ')}.`;
}

/** What becomes of new browsers; undefined while there is room for them. */
export function refusalInWords(application: LimitedApplication): string | undefined {
  const { newSubscriptionsRefusedUntil: until } = application;
  if (fullnessOf(application) === 'FULL') return 'New browsers are refused.';
  if (until !== null)
    return `New browsers are refused until ${asTimeOfDay(until)}: the limit of this hour is reached.`;
  return fullnessOf(application) === 'NEARLY_FULL' ? 'At the limit new browsers are refused.' : undefined;
}
