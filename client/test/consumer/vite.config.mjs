/** `--mode sw` builds the service worker, a classic script at the root of the site. */
const serviceWorker = { entry: 'sw.ts', name: 'sw', formats: ['iife'], fileName: () => 'sw.js' };

export default ({ mode }) => ({
  logLevel: 'warn',
  build: {
    emptyOutDir: false,
    modulePreload: { polyfill: false },
    lib: mode === 'sw' ? serviceWorker : undefined,
  },
});
