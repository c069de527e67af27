import { parseUrl } from './parseUrl';

test.each([
  ['https://push.bücher.example/x', 'https://push.xn--bcher-kva.example/x'],
  ['https://push.example.com', 'https://push.example.com/'],
  ['push.example.com', undefined],
  ['https://', undefined],
  ['https://xn--bcher-kva.example/', 'https://xn--bcher-kva.example/'],
  ['https://xn--fcm-googleapis-com.example/', undefined],
  ['https://push.xn--a.example/', undefined],
  ['https://xn--abc-.example/', undefined],
])('%s', (text, href) => {
  expect(parseUrl(text)?.href).toBe(href);
});

test('a host name that is no punycode is refused also where the parser takes it', () => {
  const { URL: Parser } = globalThis;
  // as the parser of Node 24 does
  class LenientUrl extends Parser {
    constructor(text: string) {
      super(text);
      const hostname = new Parser(text).hostname.replace('lenient', 'xn--fcm-googleapis-com');
      Object.defineProperty(this, 'hostname', { value: hostname });
    }
  }
  globalThis.URL = LenientUrl as typeof URL;
  try {
    expect(parseUrl('https://lenient.example/')).toBeUndefined();
    expect(parseUrl('https://other.example/')?.hostname).toBe('other.example');
  } finally {
    globalThis.URL = Parser;
  }
});

test('a host name with letters outside ASCII is read also after a million others', () => {
  for (let times = 0; times < 1_000_000; times += 1) parseUrl('https://push.example.com/');
  expect(parseUrl('https://push.bücher.example')?.hostname).toBe('push.xn--bcher-kva.example');
});
