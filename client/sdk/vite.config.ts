import { defineConfig } from 'vite';
import { graphqlDocument } from '../build/graphqlDocument.ts';

const importableModule = { entry: 'fanfare.ts', formats: ['es' as const], fileName: () => 'fanfare.js' };

/** `--mode global`: for a plain script tag; defines `window.Fanfare`. */
const classicScript = {
  entry: 'fanfare.ts',
  name: 'Fanfare',
  formats: ['iife' as const],
  fileName: () => 'fanfare.global.js',
};

export default defineConfig(({ mode }) => ({
  plugins: [graphqlDocument()],
  build: {
    outDir: '../dist/sdk',
    emptyOutDir: mode !== 'global',
    sourcemap: true,
    target: 'es2022',
    lib: mode === 'global' ? classicScript : importableModule,
    rolldownOptions: { output: { minify: true } },
  },
}));
