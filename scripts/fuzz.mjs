// 100,000 invented inputs at every edge, 28 properties: node scripts/fuzz.mjs [runs of each property]
import { ensureInstalled, run } from './workspace.mjs';

ensureInstalled();
const runs = process.argv[2] ?? '3600';
run('npx', ['jest', '--selectProjects', 'component', '--', 'component/fuzz'], {
  env: { ...process.env, FANFARE_FUZZ_RUNS: runs },
});
