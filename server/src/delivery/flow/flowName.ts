import { hasManyHosts } from '../../egress/pushServiceName';
import type { ClaimedDispatch } from '../claimDispatch';
import type { Target } from '../targets';

/*
 * Flow is controlled by what fails together: by push service, and where any number of hosts share the name of one, by
 * host. An invented host below a vendor's wildcard then fails for itself alone.
 */

/** The name for one delivery; it holds no space. */
export function flowNameOf(pushService: string, endpoint: string): string {
  return hasManyHosts(pushService) ? hostOf(endpoint) : pushService;
}

/** The names of a dispatch's deliveries. */
export function flowNamesOf(pushService: string, targets: readonly Target[]): string[] {
  if (!hasManyHosts(pushService)) return [pushService];
  const endpoints = targets.flatMap(({ subscription }) => subscription?.endpoint ?? []);
  return [...new Set(endpoints.map(hostOf))];
}

/**
 * The name for a whole dispatch: that of its deliveries. Those of several hosts, or of hosts that are not read yet,
 * share the places of their application alone.
 */
export function flowNameOfDispatch({ pushService, targets, message }: ClaimedDispatch): string {
  if (!hasManyHosts(pushService)) return pushService;
  const names = targets ? flowNamesOf(pushService, targets) : [];
  const [name] = names;
  return name !== undefined && names.length === 1 ? name : `${pushService}/${message.applicationId}`;
}

/** @param endpoint as it was normalised when the subscription was registered */
function hostOf(endpoint: string): string {
  const start = endpoint.indexOf('//') + 2;
  const end = endpoint.indexOf('/', start);
  return endpoint.slice(start, end < 0 ? undefined : end);
}
