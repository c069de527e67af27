import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What is missing from the installation beside a lockfile, whoever made it: npm writes down what it has installed when it
 * has finished, and nothing when it was interrupted.
 * @param {string} root the folder of package-lock.json
 * @param {{ production: boolean }} kind `production`: as `npm ci --omit=dev --workspace server` leaves it
 * @returns {string | undefined} undefined when it is complete
 */
export function installationFault(root, { production }) {
  const installed = packagesIn(join(root, 'node_modules/.package-lock.json'));
  if (!installed) return 'nothing is installed, or not to the end';
  for (const [path, wanted] of Object.entries(packagesIn(join(root, 'package-lock.json')) ?? {})) {
    const found = installed[path];
    if (!found && !mayBeMissing(path, wanted, production)) return `${path} is missing`;
    if (!found || found.link || !isPackage(path)) continue;
    if (found.version !== wanted.version || found.integrity !== wanted.integrity) {
      return `${path} has the version ${found.version}, not ${wanted.version}`;
    }
    if (!existsSync(join(root, path, 'package.json'))) return `${path} is missing`;
  }
  return undefined;
}

/** Packages for other platforms are optional; in production the workspaces of which only the build is used are, too. */
function mayBeMissing(path, wanted, production) {
  if (!isPackage(path) || wanted.optional) return true;
  return production && (wanted.dev || wanted.link);
}

function isPackage(path) {
  return path.includes('node_modules/');
}

function packagesIn(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
