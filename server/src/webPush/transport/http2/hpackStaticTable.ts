/** A header field as both sides of a connection know it. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
  /** False for what HTTP does not allow: upper case in the name, a line break or NUL in the value. */
  readonly isWellFormed: boolean;
}

/** "name" or "name value". */
const entries = [
  ':authority',
  ':method GET',
  ':method POST',
  ':path /',
  ':path /index.html',
  ':scheme http',
  ':scheme https',
  ':status 200',
  ':status 204',
  ':status 206',
  ':status 304',
  ':status 400',
  ':status 404',
  ':status 500',
  'accept-charset',
  'accept-encoding gzip, deflate',
  'accept-language',
  'accept-ranges',
  'accept',
  'access-control-allow-origin',
  'age',
  'allow',
  'authorization',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-range',
  'content-type',
  'cookie',
  'date',
  'etag',
  'expect',
  'expires',
  'from',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'link',
  'location',
  'max-forwards',
  'proxy-authenticate',
  'proxy-authorization',
  'range',
  'referer',
  'refresh',
  'retry-after',
  'server',
  'set-cookie',
  'strict-transport-security',
  'transfer-encoding',
  'user-agent',
  'vary',
  'via',
  'www-authenticate',
];

/** The 61 fields that need no sending (RFC 7541 appendix A); index 1 is at 0. */
export const staticTable: readonly HeaderField[] = entries.map((entry) => {
  const space = entry.indexOf(' ');
  return space === -1
    ? { name: entry, value: '', isWellFormed: true }
    : { name: entry.slice(0, space), value: entry.slice(space + 1), isWellFormed: true };
});

/** The static index of the first field with this name, or 0. */
export function staticNameIndex(name: string): number {
  return staticTable.findIndex((field) => field.name === name) + 1;
}

/** What a field takes in a dynamic table: 32 bytes beyond its text (RFC 7541 section 4.1). */
export function fieldBytes(name: string, value: string): number {
  return name.length + value.length + 32;
}

/** SETTINGS_HEADER_TABLE_SIZE where nobody says otherwise. */
export const defaultTableBytes = 4096;
