import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // relative: the page works wherever it is mounted
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/playground',
    emptyOutDir: true,
    target: 'es2022',
    // data: URLs would need a wider Content-Security-Policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // the Monaco editor is one large chunk by nature
    chunkSizeWarningLimit: 5_000,
    // its packages carry directives for a compiler that does not run here
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
});
