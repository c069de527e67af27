import { asInstant } from '../layout/words';
import { contentFrom } from './contentFrom';
import { readLocalTime } from './readFields';

/** What a stored content holds besides its texts and where it leads, by name; empty values are absent from it. */
export function contentFacts(stored: Readonly<Record<string, unknown>>): [name: string, value: string][] {
  const content = contentFrom(stored);
  const { icon, image, badge, tag, lang, data, vibrate, appBadge, dir } = content;
  const behaviour = [
    content.requireInteraction && 'stays until the person acts',
    content.silent && 'is silent',
    content.renotify && 'alerts again when it replaces',
  ].filter((words) => words !== false);
  const facts: [string, string][] = [
    ...content.actions.map(({ title, navigate }, index): [string, string] => [
      `Button ${index + 1}`,
      navigate ? `${title}: ${navigate}` : title,
    ]),
    ...([
      ['Icon', icon],
      ['Image', image],
      ['Badge', badge],
    ] as [string, string][]),
    ['On the app', appBadge],
    ['Tag', tag],
    ['Behaviour', behaviour.join(', ')],
    ['Vibration', vibrate],
    ['Language', lang],
    ['Direction', { '': '', LTR: 'left to right', RTL: 'right to left' }[dir]],
    ['Time', content.timestamp && asInstant(readLocalTime(content.timestamp))],
    ['Data', data],
  ];
  return facts.filter(([, value]) => value !== '');
}
