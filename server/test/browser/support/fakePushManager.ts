/**
 * Runs in the browser, in a page or a worker, before anything else: a PushManager without a push service, since
 * Chromium's own asks Google. It keeps the Push API's rule that a second subscription with another key is an
 * InvalidStateError, and it remembers across reloads where there is a localStorage. Stands alone.
 */
export function installFakePushManager(): void {
  interface Kept {
    endpoint: string;
    key: string;
  }
  const scope = globalThis as unknown as {
    PushManager: { prototype: object };
    localStorage?: { getItem(name: string): string | null; setItem(name: string, value: string): void };
    atob(text: string): string;
  };
  const memory = new Map<string, string>();
  const read = (name: string) => scope.localStorage?.getItem(name) ?? memory.get(name) ?? '';
  const write = (name: string, value: string) =>
    scope.localStorage ? scope.localStorage.setItem(name, value) : memory.set(name, value);
  const decode = (key: string) =>
    Uint8Array.from(scope.atob(key.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  const expose = ({ endpoint, key }: Kept) => ({
    endpoint,
    options: { applicationServerKey: decode(key).buffer },
    toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: 'p256dh', auth: 'auth' } }),
    unsubscribe: async () => {
      write('kept', '');
      return true;
    },
  });
  Object.assign(scope.PushManager.prototype, {
    getSubscription: async () => (read('kept') ? expose(JSON.parse(read('kept'))) : null),
    subscribe: async ({ applicationServerKey: key }: { applicationServerKey: string }) => {
      const kept: Kept | undefined = read('kept') ? JSON.parse(read('kept')) : undefined;
      if (kept && kept.key !== key) throw new DOMException('Another key', 'InvalidStateError');
      const count = Number(read('count')) + 1;
      write('count', String(count));
      const made = kept ?? {
        endpoint: `https://push.example/${scope.localStorage ? 'page' : 'worker'}/${count}`,
        key,
      };
      write('kept', JSON.stringify(made));
      return expose(made);
    },
  });
}
