/** Tests of a block run in a browser that speaks this: newer versions of Node have a `navigator` without a language. */
export function withLanguage(language: string): void {
  beforeEach(() => {
    Object.defineProperty(globalThis, 'navigator', { value: { language }, configurable: true });
  });

  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'navigator');
  });
}
