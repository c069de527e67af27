// Hurts installations of its own in every way we know of and counts what is lost: node scripts/chaos.mjs --help
import { ensureBuilt, ensureInstalled, root, run } from './workspace.mjs';

ensureInstalled();
ensureBuilt();
run('npx', ['tsc', '-p', 'server/tsconfig.chaos.json'], { stdio: ['ignore', 2, 2] });
await import(`${root}/server/dist/chaos/chaos/main.js`);
