/** A browser vendor's push service as the run simulates it. */
export interface Vendor {
  /** Where its browsers really subscribe. */
  readonly host: string;
  /** Any name below this zone used to be allowed. */
  readonly zone: string;
  /** The name of the push service on rows that were written before gates were kept by host. */
  readonly name: string;
}

export const apple: Vendor = { host: 'web.push.apple.com', zone: 'push.apple.com', name: 'apple' };
export const fcm: Vendor = { host: 'fcm.googleapis.com', zone: 'googleapis.com', name: 'fcm' };
export const mozilla: Vendor = {
  host: 'updates.push.services.mozilla.com',
  zone: 'push.services.mozilla.com',
  name: 'mozilla',
};
export const windows: Vendor = {
  host: 'wns2-par02p.notify.windows.com',
  zone: 'notify.windows.com',
  name: 'wns',
};

/** APNs, which is not a Web Push service and whose name used to be allowed. */
export const apns = 'api.push.apple.com';

/** Push services that the operator allowed by a wildcard, all of whose names resolve. */
export const operatorZone = 'push.example';

/** Names that the simulated network resolves; a name with `*.` stands for every name below it. */
export const resolvedNames = [
  ...[apple, fcm, mozilla, windows].map(({ host }) => host),
  apns,
  `*.${operatorZone}`,
];
