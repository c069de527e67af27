import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type ContentDraft, emptyContent } from '../contentDraft';
import { PreviewCard } from './PreviewCard';
import { type Platform, platforms } from './platforms';
import { previewContent, withoutEffect } from './previewContent';

const full: ContentDraft = {
  ...emptyContent,
  title: 'Kick-off <b>now</b>',
  body: 'It begins.',
  navigate: 'https://match.example/live?id=1',
  icon: 'https://match.example/icon.png',
  image: 'https://match.example/image.png',
  badge: 'https://match.example/badge.png',
  appBadge: '3',
  actions: [
    ...['Watch', ' ', 'Later', 'Third'].map((title) => ({ title, navigate: '', icon: '', action: '' })),
  ],
  requireInteraction: true,
  silent: true,
  tag: 'match',
  renotify: true,
  vibrate: '200, 100',
  lang: 'he',
  dir: 'RTL',
  timestamp: '2026-01-01T10:00',
};

/** Five minutes after the moment that it speaks of. */
const now = new Date('2026-01-01T10:05').getTime();

const platformOf = (name: Platform['name']): Platform => {
  const found = platforms.find((each) => each.name === name);
  if (!found) throw new Error(`no platform ${name}`);
  return found;
};

const drawn = (name: Platform['name'], draft = full) => {
  const platform = platformOf(name);
  return renderToStaticMarkup(
    createElement(PreviewCard, { content: previewContent(draft, platform, now), platform }),
  );
};

describe('the preview', () => {
  test.each([
    ['windows', ['icon', 'image', 'Watch', 'Later', 'app', 'Google Chrome', '>match.example<']],
    ['mac', ['icon', 'Watch', 'Later', 'app', 'Options', '>match.example<']],
    ['android', ['icon', 'image', 'badge', 'Watch', 'Later', 'Chrome · match.example · 5m']],
    ['firefox', ['icon', 'Watch', 'Later', 'via match.example']],
    ['ios', ['app', 'from Your app']],
  ] as const)('of %s draws what is seen there and nothing else', (name, expected) => {
    const html = drawn(name);
    const signs: Record<string, string> = {
      icon: 'src="https://match.example/icon.png"',
      image: 'src="https://match.example/image.png"',
      badge: 'src="https://match.example/badge.png"',
      app: 'aria-label="3 on the installed app"',
    };
    const candidates = [
      ...['icon', 'image', 'badge', 'app', 'Watch', 'Later', 'Third', 'Google Chrome', 'Options'],
      ...['>match.example<', 'Chrome · match.example · 5m', 'via match.example', 'from Your app'],
    ];
    expect(candidates.filter((each) => html.includes(signs[each] ?? each)).sort()).toEqual(
      [...expected].sort(),
    );
    expect(html).toContain('Kick-off &lt;b&gt;now&lt;/b&gt;');
    expect(html).toContain('It begins.');
  });

  test.each([
    ['windows', ['the badge', 'vibration', 'the language', 'the direction']],
    ['mac', ['the image', 'the badge', 'vibration', 'the language', 'the direction', 'the time']],
    [
      'android',
      [
        ...['the number on the app', 'staying until the person acts'],
        ...['vibration', 'the language', 'the direction'],
      ],
    ],
    [
      'firefox',
      [
        ...['the image', 'the badge', 'the number on the app'],
        ...['alerting again', 'vibration', 'the time'],
      ],
    ],
    [
      'ios',
      [
        ...['the icon', 'the image', 'buttons', 'the badge', 'staying until the person acts'],
        ...['alerting again', 'vibration', 'the language', 'the direction', 'the time'],
      ],
    ],
  ] as const)('of %s names what has no effect there', (name, words) => {
    expect(withoutEffect(full, platformOf(name))).toEqual(words);
    expect(withoutEffect({ ...emptyContent, title: 'x' }, platformOf(name))).toEqual([]);
  });

  test.each([
    ['http://other.example/pictures/sale.jpg', 'sale.jpg'],
    ['javascript:alert(1)', 'alert(1)'],
    ['data:image/png;base64,AA', 'png;base64,AA'],
    ['half a ur', 'half a ur'],
  ])('never loads %s: its place has a name', (image, name) => {
    const html = drawn('windows', { ...full, image, icon: '' });
    expect(html).not.toContain('<img');
    expect(html).toContain(`>${name}</span>`);
  });

  test('with an image leaves Android one line of text, as its big picture does', () => {
    expect(drawn('android')).not.toContain('data-lines="8"');
    expect(drawn('android', { ...full, image: '' })).toContain('data-lines="8"');
  });

  test('without a title has a word in its place, and guesses no site', () => {
    expect(drawn('firefox', emptyContent)).toContain('>Title</strong>');
    expect(drawn('firefox', emptyContent)).toContain('via your-site.example');
  });

  test.each([
    ['', 'now'],
    ['2026-01-01T10:04:30', 'now'],
    ['2026-01-01T07:00', '3h'],
    ['2025-12-20T10:00', '12d'],
    ['2023-12-20T10:00', '2y'],
    ['2026-01-01T10:35', 'in 30m'],
  ])('on Android says how long ago %j is: %s', (timestamp, age) => {
    expect(drawn('android', { ...full, timestamp })).toContain(`Chrome · match.example · ${age}<`);
  });

  test('runs as was asked for in Firefox, and elsewhere as the texts begin', () => {
    expect(drawn('firefox')).toContain('data-lines="1" dir="rtl" lang="he"');
    expect(drawn('firefox')).toContain('aria-label="Preview: Firefox on Linux and Windows" dir="rtl"');
    for (const name of ['windows', 'mac', 'android', 'ios'] as const) {
      expect(drawn(name)).not.toMatch(/dir="rtl"|lang=/);
      expect(drawn(name)).toContain('dir="auto"');
    }
  });

  test('leaves out a language that is none', () => {
    expect(drawn('firefox', { ...full, lang: '"><b>' })).not.toContain('lang=');
  });
});
