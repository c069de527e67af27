const root = document.querySelector<HTMLMetaElement>('meta[name=server-root]')?.content ?? '/';

/** Where the server that served this page is reached: a proxy may have put it below a path. */
const serverRoot = new URL(root, location.href);

/** @param path below the server, with or without a slash in front */
export function serverAddress(path: string): string {
  return new URL(path.replace(/^\/+/, ''), serverRoot).href;
}
