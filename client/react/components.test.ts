import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Fanfare, FanfareState } from '../sdk/fanfare';
import { FanfareProvider } from './FanfareProvider';
import { SubscribeButton } from './SubscribeButton';
import { TagPreferences } from './TagPreferences';

// rendered to text as if hydrated already: the state as the browser has it
jest.mock('react', () => ({
  ...jest.requireActual<object>('react'),
  useSyncExternalStore: (_subscribe: unknown, getSnapshot: () => unknown) => getSnapshot(),
}));

/** What a page in this state shows before anything is pressed. */
function render(state: FanfareState, child: ReactElement): string {
  const fanfare = { state, getState: () => state, subscribeToState: () => () => undefined };
  const props = { fanfare: fanfare as unknown as Fanfare, children: child };
  return renderToStaticMarkup(createElement(FanfareProvider, props));
}

describe('SubscribeButton', () => {
  it.each<[FanfareState, string | undefined, string]>([
    ['unsupported', undefined, 'cannot show notifications'],
    ['needs-install', undefined, 'add this page to your Home Screen'],
    ['denied', undefined, 'Notifications are blocked'],
    ['prompt', 'Turn on notifications', ''],
    ['unsubscribed', 'Turn on notifications', ''],
    ['subscribed', 'Turn off notifications', 'Notifications are on.'],
  ])('%s: the button %s, the advice "%s"', (state, label, advice) => {
    const html = render(state, createElement(SubscribeButton));
    expect(html).toContain(`data-state="${state}"`);
    expect(/<button[^>]*>([^<]*)<\/button>/.exec(html)?.[1]).toBe(label);
    const shown = /role="status">([^<]*)</.exec(html)?.[1];
    if (advice === '') expect(shown).toBe('');
    else expect(shown).toContain(advice);
    expect(html).not.toContain('role="alert"');
  });

  it('speaks the language of the page and bears its class', () => {
    const texts = { subscribe: 'Benachrichtigen' };
    const html = render('prompt', createElement(SubscribeButton, { texts, className: 'mine' }));
    expect(html).toContain('>Benachrichtigen</button>');
    expect(html).toContain('class="mine"');
    expect(html).not.toContain('fanfare-subscribe');
  });
});

describe('TagPreferences', () => {
  const choices = [
    { tag: 'news', label: 'News' },
    { tag: 'offers', label: 'Offers', description: 'Once a week' },
  ];

  it.each<[FanfareState, boolean]>([
    ['subscribed', false],
    ['unsubscribed', true],
    ['denied', true],
  ])('%s: disabled %s', (state, isDisabled) => {
    const html = render(state, createElement(TagPreferences, { choices }));
    expect(/<fieldset[^>]*>/.exec(html)?.[0].includes('disabled')).toBe(isDisabled);
    expect(html.includes('Turn on notifications to choose')).toBe(isDisabled);
    expect(html.match(/type="checkbox"/g)).toHaveLength(2);
    expect(html).toContain('<legend>Notify me about</legend>');
  });

  it('ties a description to its box', () => {
    const html = render('subscribed', createElement(TagPreferences, { choices }));
    const id = /aria-describedby="([^"]+)" name="offers"/.exec(html)?.[1];
    expect(html).toContain(`<small id="${id}">Once a week</small>`);
  });
});
