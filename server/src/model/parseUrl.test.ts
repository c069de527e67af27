import { parseUrl } from './parseUrl';

test.each([
  ['https://push.bücher.example/x', 'https://push.xn--bcher-kva.example/x'],
  ['https://push.example.com', 'https://push.example.com/'],
  ['push.example.com', undefined],
  ['https://', undefined],
])('%s', (text, href) => {
  expect(parseUrl(text)?.href).toBe(href);
});

test('a host name with letters outside ASCII is read also after a million others', () => {
  for (let times = 0; times < 1_000_000; times += 1) parseUrl('https://push.example.com/');
  expect(parseUrl('https://push.bücher.example')?.hostname).toBe('push.xn--bcher-kva.example');
});
