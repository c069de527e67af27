import type { NotificationContent } from './notificationContent';
import { payloadBytes, renderPayload } from './pushPayload';

const token = 'T'.repeat(43);
const frame = { defaultTag: 'ntf_abc', receiptUrl: 'https://fanfare.example/graphql' };

function plaintext(content: NotificationContent): string {
  const { before, after } = renderPayload({ ...frame, content });
  return `${before}${token}${after}`;
}

test("is Declarative Web Push JSON, with the receipt beside the caller's data", () => {
  expect(JSON.parse(plaintext({ title: 'Hi', navigate: 'https://a.example/', data: { order: 7 } }))).toEqual({
    web_push: 8030,
    notification: {
      title: 'Hi',
      navigate: 'https://a.example/',
      tag: 'ntf_abc',
      mutable: true,
      data: { order: 7, fanfare: { receipt: token, url: frame.receiptUrl } },
    },
    mutable: true,
  });
});

test('the app badge stands at both places where browsers look for it', () => {
  expect(JSON.parse(plaintext({ title: 'Hi', appBadge: 3 }))).toMatchObject({
    app_badge: 3,
    notification: { app_badge: 3 },
  });
});

test("a tag of the caller's own is kept", () => {
  expect(JSON.parse(plaintext({ title: 'Hi', tag: 'chat' })).notification.tag).toBe('chat');
});

test.each([
  ['the place of the token in words', '\\u0000receipt\\u0000'],
  ['the place of the token itself', '\u0000receipt\u0000'],
  ['quotes and controls', '"\\\n\u2028"'],
  ['beyond the basic plane', '👩‍👩‍👧‍👦 שלום'],
])('%s in the text changes nothing else', (_what, text) => {
  const message = JSON.parse(plaintext({ title: text, body: text, data: { text, fanfare: 'mine' } }));
  expect(message.notification).toMatchObject({ title: text, body: text });
  expect(message.notification.data).toEqual({ text, fanfare: { receipt: token, url: frame.receiptUrl } });
});

test('the size counts bytes, not characters', () => {
  const payload = renderPayload({ ...frame, content: { title: 'ü👋' } });
  expect(payloadBytes(payload, 43)).toBe(Buffer.byteLength(plaintext({ title: 'ü👋' })));
});
