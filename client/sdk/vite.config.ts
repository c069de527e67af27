import { defineConfig } from 'vite';
import { graphqlDocument } from '../build/graphqlDocument.ts';

export default defineConfig({
  plugins: [graphqlDocument()],
  build: {
    outDir: '../dist/sdk',
    emptyOutDir: true,
    sourcemap: true,
    target: 'es2022',
    lib: { entry: 'fanfare.ts', formats: ['es'], fileName: () => 'fanfare.js' },
    rolldownOptions: { output: { minify: true } },
  },
});
