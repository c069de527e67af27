/**
 * The name under which a push service is grouped, limited and shown: `fcm`, `mozilla`, `apple` or `wns`, and
 * for every other one its host (with the port when it is not 443), for example `push.example.org`.
 */
export type PushServiceName = string;

/** The push services of the browser vendors. */
export const vendorNames = ['fcm', 'mozilla', 'apple', 'wns'] as const;
