import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { RequestHandler } from 'express';

interface PageFile {
  readonly content: Buffer;
  readonly etag: string;
}

export interface PageFileOptions {
  readonly cacheControl: string;
  /** Serves `index.html` for a folder, and redirects `/folder` to `/folder/`. */
  readonly hasIndex?: boolean;
}

/**
 * Serves a folder of built files from memory: a request holds no file descriptor, whether or not its answer is ever
 * read, and all answers share one copy. The folder is listed at the first request, and each file is read once. Only a
 * listed path is served, so no path of a request ever reaches the file system.
 */
export function pageFiles(
  folder: string,
  { cacheControl, hasIndex = false }: PageFileOptions,
): RequestHandler {
  const files = new Map<string, PageFile>();
  let listed: ReadonlySet<string> | undefined;
  const find = (path: string): PageFile | undefined => {
    listed ??= listFiles(folder);
    if (!listed?.has(path)) return undefined;
    const file = files.get(path) ?? readFile(join(folder, path));
    files.set(path, file);
    return file;
  };
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    // Express strips the mount point, so the path is `/` with and without the slash after it
    const url = new RequestUrl(request.originalUrl);
    const path = decode(request.path === '/' && !url.path.endsWith('/') ? '' : request.path);
    if (path === undefined) return next();
    const name = hasIndex && path.endsWith('/') ? `${path}index.html` : path;
    const file = find(name);
    if (!file && hasIndex && find(`${path}/index.html`)) return response.redirect(301, url.withSlash());
    if (!file) return next();
    // Express answers a HEAD, and a request that has this ETag, without the content
    response.type(extname(name)).set('Cache-Control', cacheControl).set('ETag', file.etag).send(file.content);
  };
}

/** Paths below the folder with a leading slash, or undefined before it is built. Hidden files are not served. */
function listFiles(folder: string): ReadonlySet<string> | undefined {
  if (!existsSync(folder)) return undefined;
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')}`);
  return new Set(paths.filter((path) => !path.includes('/.')));
}

function readFile(file: string): PageFile {
  const content = readFileSync(file);
  return { content, etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 27)}"` };
}

/** Undefined for a malformed path. */
function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

class RequestUrl {
  readonly path: string;

  constructor(private readonly text: string) {
    this.path = text.split('?', 1)[0] ?? '';
  }

  /** Relative links in a page need the slash. The address is relative too, so that it names no other host. */
  withSlash(): string {
    const name = this.path.slice(this.path.lastIndexOf('/') + 1);
    return `./${name}/${this.text.slice(this.path.length)}`;
  }
}
