import { noWelcome, welcomeFrom, welcomeInput } from './welcome';

const others = { tag: 'hello', vibrate: [100], data: { page: 1 }, actions: [{ action: 'go', title: 'Go' }] };
const stored = { title: 'Welcome', icon: 'https://shop.example/i.png', ...others };

describe('the welcome', () => {
  test('goes back with every field that it came with', () => {
    expect(welcomeInput(welcomeFrom(stored))).toEqual(stored);
  });

  test('changes in the field that was changed, and no other', () => {
    const changed = { ...welcomeFrom(stored), body: ' Nice to have you ' };
    expect(welcomeInput(changed)).toEqual({ ...stored, body: 'Nice to have you' });
  });

  test('loses a text that was emptied', () => {
    const { icon: _, ...rest } = stored;
    expect(welcomeInput({ ...welcomeFrom(stored), icon: ' ' })).toEqual(rest);
  });

  test('is turned from the words of browsers into those of the API', () => {
    const browsers = { title: 'Welcome', dir: 'rtl', timestamp: Date.UTC(2026, 0, 1) };
    expect(welcomeInput(welcomeFrom(browsers))).toEqual({
      ...{ title: 'Welcome', dir: 'RTL', timestamp: '2026-01-01T00:00:00.000Z' },
    });
  });

  test('is none without a title', () => {
    expect(welcomeFrom(null)).toEqual(noWelcome);
    expect(welcomeInput({ ...welcomeFrom(stored), title: ' ' })).toBeNull();
  });
});
