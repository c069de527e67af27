// Runs the benchmarks, installed and built first: node scripts/bench.mjs --help
import { ensureBuilt, ensureInstalled, root, run } from './workspace.mjs';

ensureInstalled();
ensureBuilt();
run('npx', ['tsc', '-p', 'server/tsconfig.bench.json'], { stdio: ['ignore', 2, 2] });
await import(`${root}/server/dist/bench/bench/main.js`);
