// Runs a `fanfare` command from a checkout, installed and built first: node scripts/fanfare.mjs start
import { ensureBuilt, ensureInstalled, isForProduction, root } from './workspace.mjs';

const shell = process.ppid;
if (!isForProduction()) {
  ensureInstalled();
  ensureBuilt();
}
// npm was ended meanwhile, which tells its shell only: see server/src/commands/shellEnd.ts
if (process.env.npm_lifecycle_event !== undefined && process.ppid !== shell) process.exit(1);
await import(`${root}/server/dist/main.js`);
