import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { graphqlDocument } from '../build/graphqlDocument.ts';

export default defineConfig({
  // relative: the server puts the way to them in front, which depends on the path of the page
  base: './',
  plugins: [react(), graphqlDocument()],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // data: URLs would need a wider Content-Security-Policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // React with its component library is one chunk by nature
    chunkSizeWarningLimit: 700,
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
});
