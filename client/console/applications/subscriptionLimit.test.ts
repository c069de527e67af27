import {
  alarmingOf,
  fullnessOf,
  type LimitedApplication,
  refusalInWords,
  remedyFor,
  useInWords,
} from './subscriptionLimit';

const application = (
  liveSubscriptions: number,
  subscriptionLimit: number | null,
  newSubscriptionsRefusedUntil: string | null = null,
): LimitedApplication => ({
  ...{ id: `app_${liveSubscriptions}`, name: 'shop' },
  ...{ liveSubscriptions, subscriptionLimit, newSubscriptionsRefusedUntil },
});

test.each([
  [799, 1_000, 'ROOMY', '799 of 1,000 browsers (79.9%)', undefined],
  [800, 1_000, 'NEARLY_FULL', '800 of 1,000 browsers (80.0%)', 'At the limit new browsers are refused.'],
  [999, 1_000, 'NEARLY_FULL', '999 of 1,000 browsers (99.9%)', 'At the limit new browsers are refused.'],
  [1_000, 1_000, 'FULL', '1,000 of 1,000 browsers (100%)', 'New browsers are refused.'],
  [1_200, 1_000, 'FULL', '1,200 of 1,000 browsers (120%)', 'New browsers are refused.'],
  [1_200, null, 'ROOMY', '1,200 browsers, without a limit', undefined],
])('%d browsers of %s', (live, limit, fullness, words, refusal) => {
  const each = application(live, limit);
  expect(fullnessOf(each)).toBe(fullness);
  expect(useInWords(each)).toBe(words);
  expect(refusalInWords(each)).toBe(refusal);
});

test('an hour whose new browsers are used up is said with its end, unless all are refused anyway', () => {
  const until = '2026-01-01T15:00:00.000Z';
  expect(refusalInWords(application(1, 1_000, until))).toMatch(
    /^New browsers are refused until .*00.*: the limit of this hour/,
  );
  expect(refusalInWords(application(1_000, 1_000, until))).toBe('New browsers are refused.');
});

test.each([
  [[application(8, 10)], '“Browsers in all” in the settings.'],
  [[application(8, null, 'at some time')], 'FANFARE_NEW_SUBSCRIPTIONS_PER_HOUR of the installation.'],
  [
    [application(1, 10, 'at some time'), application(10, 10)],
    '“Browsers in all” in the settings, and FANFARE_NEW_SUBSCRIPTIONS_PER_HOUR of the installation.',
  ],
])('the remedy for %j', (applications, words) => {
  expect(remedyFor(applications)).toBe(`Look for invented browsers, or raise ${words}`);
});

test('alarming are those that refuse, or soon will, the fullest first', () => {
  const all = [
    application(1, 1_000),
    application(900, 1_000),
    application(5, null, '2026-01-01T15:00:00.000Z'),
    application(2_000, 2_000),
  ];
  expect(alarmingOf(all).map(({ liveSubscriptions }) => liveSubscriptions)).toEqual([2_000, 900, 5]);
});
