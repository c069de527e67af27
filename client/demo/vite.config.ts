import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { graphqlDocument } from '../build/graphqlDocument.ts';

export default defineConfig({
  // relative: the page works wherever it is mounted
  base: './',
  plugins: [react(), graphqlDocument()],
  build: {
    outDir: '../dist/demo',
    emptyOutDir: true,
    target: 'es2022',
    // data: URLs would need a wider Content-Security-Policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
