import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    outDir: '../dist/sdk',
    emptyOutDir: false,
    sourcemap: true,
    target: 'es2022',
    lib: { entry: 'fanfareReact.ts', formats: ['es'], fileName: () => 'fanfare-react.js' },
    rolldownOptions: {
      // one FanfareError for SDK and hooks, so that instanceof holds
      external: [/^react($|\/)/, /\/sdk\/fanfare$/],
      output: {
        minify: true,
        // the hooks run in browsers; frameworks that render on a server want to be told
        banner: "'use client';",
        paths: (id) => (id.endsWith('/sdk/fanfare') ? './fanfare.js' : id),
      },
    },
  },
});
