/**
 * The page is `playground/`, or `playground/with/<pass>/` where it opens to admins only. What stands before is the
 * server's root: a proxy may have put it below a path.
 */
const [, root = '/'] = /^(.*\/)playground\/(?:with\/[^/]+\/)?[^/]*$/.exec(location.pathname) ?? [];

/** @param path below the server, without a slash in front */
export function serverAddress(path: string): string {
  return new URL(root + path, location.href).href;
}
