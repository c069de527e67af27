import type { PushServiceName } from '../model/pushService';

/**
 * The browser vendors' push services: a host, or every host below a leading dot. Only WNS gives out many hosts; a
 * wildcard for the others would let a subscriber invent hosts under a vendor's name.
 */
export const vendorPushServices: ReadonlyArray<{ readonly host: string; readonly name: PushServiceName }> = [
  { host: 'fcm.googleapis.com', name: 'fcm' },
  // Chromium builds without Google's keys hand this one out.
  { host: 'jmt17.google.com', name: 'fcm' },
  { host: 'updates.push.services.mozilla.com', name: 'mozilla' },
  { host: 'web.push.apple.com', name: 'apple' },
  { host: '.notify.windows.com', name: 'wns' },
];

const namesOfManyHosts = new Set(
  vendorPushServices.filter(({ host }) => host.startsWith('.')).map(({ name }) => name),
);

/** Whether any number of hosts share this name, also hosts that a subscriber has invented. */
export function hasManyHosts(pushService: PushServiceName): boolean {
  return namesOfManyHosts.has(pushService);
}

/**
 * The push service behind a host, as URL.host gives it: lower case, with the port unless it is 443. Every host
 * no vendor owns is a push service of its own.
 */
export function pushServiceName(host: string): PushServiceName {
  return vendorPushServices.find((vendor) => hostMatches(vendor.host, host))?.name ?? host;
}

/** A pattern with a leading dot stands for every host below it, one without for itself. */
export function hostMatches(pattern: string, host: string): boolean {
  return pattern.startsWith('.') ? host.endsWith(pattern) && host.length > pattern.length : host === pattern;
}
