import { defineConfig } from 'vite';
import { graphqlDocument } from '../build/graphqlDocument.ts';

const classicScript = {
  entry: 'fanfareServiceWorker.ts',
  name: 'fanfareServiceWorker',
  formats: ['iife' as const],
  fileName: () => 'fanfare-sw.js',
};

/** `--mode module`: for an app that has a service worker of its own. */
const importableModule = {
  entry: 'attachFanfare.ts',
  formats: ['es' as const],
  fileName: () => 'fanfare-sw-module.js',
};

export default defineConfig(({ mode }) => ({
  plugins: [graphqlDocument()],
  build: {
    outDir: '../dist/sdk',
    emptyOutDir: false,
    sourcemap: true,
    target: 'es2022',
    lib: mode === 'module' ? importableModule : classicScript,
    rolldownOptions: { output: { minify: true } },
  },
}));
