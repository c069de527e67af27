import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type Draft, emptyDraft } from '../draft';
import { PreviewCard } from './PreviewCard';
import { type Platform, platforms } from './platforms';
import { previewContent, withoutEffect } from './previewContent';

const full: Draft = {
  ...emptyDraft,
  title: 'Kick-off <b>now</b>',
  body: 'It begins.',
  navigate: 'https://match.example/live?id=1',
  icon: 'https://match.example/icon.png',
  image: 'https://match.example/image.png',
  badge: 'https://match.example/badge.png',
  appBadge: '3',
  actions: [
    { title: 'Watch', navigate: '' },
    { title: ' ', navigate: '' },
    { title: 'Later', navigate: '' },
    { title: 'Third', navigate: '' },
  ],
  requireInteraction: true,
  silent: true,
};

const platformOf = (name: Platform['name']): Platform => {
  const found = platforms.find((each) => each.name === name);
  if (!found) throw new Error(`no platform ${name}`);
  return found;
};

const drawn = (name: Platform['name'], draft = full) => {
  const platform = platformOf(name);
  return renderToStaticMarkup(
    createElement(PreviewCard, { content: previewContent(draft, platform), platform }),
  );
};

describe('the preview', () => {
  test.each([
    ['windows', ['icon', 'image', 'Watch', 'Later', 'app', 'Google Chrome', '>match.example<']],
    ['mac', ['icon', 'Watch', 'Later', 'app', 'Options', '>match.example<']],
    ['android', ['icon', 'image', 'badge', 'Watch', 'Later', 'Chrome · match.example · now']],
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
      ...['>match.example<', 'Chrome · match.example · now', 'via match.example', 'from Your app'],
    ];
    expect(candidates.filter((each) => html.includes(signs[each] ?? each)).sort()).toEqual(
      [...expected].sort(),
    );
    expect(html).toContain('Kick-off &lt;b&gt;now&lt;/b&gt;');
    expect(html).toContain('It begins.');
  });

  test.each([
    ['windows', ['the badge']],
    ['mac', ['the image', 'the badge']],
    ['android', ['the number on the app', 'staying until the person acts']],
    ['firefox', ['the image', 'the badge', 'the number on the app']],
    ['ios', ['the icon', 'the image', 'buttons', 'the badge', 'staying until the person acts']],
  ] as const)('of %s names what has no effect there', (name, words) => {
    expect(withoutEffect(full, platformOf(name))).toEqual(words);
    expect(withoutEffect({ ...emptyDraft, title: 'x' }, platformOf(name))).toEqual([]);
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
    expect(drawn('firefox', emptyDraft)).toContain('>Title</strong>');
    expect(drawn('firefox', emptyDraft)).toContain('via your-site.example');
  });
});
