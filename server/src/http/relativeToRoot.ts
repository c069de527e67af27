/**
 * The way from the page of a request to the root of this server, for example `../../` from `/console/notifications`. A
 * proxy may serve Fanfare below a path that it takes off, so pages and redirects never name an address from the root
 * of the site.
 * @param originalUrl path and query, with all mount points
 */
export function relativeToRoot(originalUrl: string): string {
  const [path = '/'] = originalUrl.split('?', 1);
  const folders = path.split('/').length - 2;
  return folders > 0 ? '../'.repeat(folders) : './';
}
