import type { PushServiceName } from '../model/pushService';

/** The browser vendors' push services: a host, or every host below a leading dot. */
export const vendorPushServices: ReadonlyArray<{ readonly host: string; readonly name: PushServiceName }> = [
  { host: 'fcm.googleapis.com', name: 'fcm' },
  // Chromium builds without Google's keys hand this one out.
  { host: 'jmt17.google.com', name: 'fcm' },
  { host: '.push.services.mozilla.com', name: 'mozilla' },
  { host: '.push.apple.com', name: 'apple' },
  { host: '.notify.windows.com', name: 'wns' },
];

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
