// Runs a `fanfare` command from a checkout, installed and built first: node scripts/fanfare.mjs start
import { ensureBuilt, ensureInstalled, root } from './workspace.mjs';

ensureInstalled();
ensureBuilt();
await import(`${root}/server/dist/main.js`);
