import { whyNotReached } from './whyNotReached';

const live = { retiredAt: null, retiredReason: null };
const accepted = { status: 'ACCEPTED' as const, reason: 'accepted', acceptedAt: 'x', displayedAt: null };
const displayed = { ...accepted, displayedAt: 'x' };
const rejected = { status: 'REJECTED' as const, reason: 'too-large', acceptedAt: null, displayedAt: null };

describe('why a browser is not reached', () => {
  test.each([
    ['gone', /subscription has ended/],
    ['unsubscribed', /unsubscribed/],
    ['replaced', /newer/],
    ['retired', /operator/],
    ['something else', /no longer/],
  ])('ended: %s', (retiredReason, words) => {
    expect(whyNotReached({ retiredAt: 'x', retiredReason }, [displayed])).toMatch(words);
  });

  test.each([
    ['nothing was sent', [], undefined],
    ['the last was displayed', [displayed, rejected], undefined],
    ['the last is pending', [{ ...accepted, status: 'PENDING' as const }], /on its way/],
    ['the last was refused', [rejected, displayed], /Too large/],
    ['two were not displayed', [accepted, accepted, displayed], undefined],
    ['three were not displayed', [accepted, accepted, accepted, displayed], /last 3/],
  ])('%s', (_name, deliveries, words) => {
    const why = whyNotReached(live, deliveries);
    if (words) expect(why).toMatch(words);
    else expect(why).toBeUndefined();
  });
});
