import type { HostNameCheck } from '../../egress/hostNameCheck';
import { Refusal } from '../../model/refusal';

const endpointPath = ['input', 'subscription', 'endpoint'];

/**
 * For what a web page registers: deliveries to a host that does not exist would be retried in vain.
 * @param endpoint one that is allowed
 * @throws Refusal ENDPOINT_NOT_ALLOWED for a host without a public address; UNAVAILABLE when that cannot be found out now
 */
export async function requirePublicHost(hostNames: HostNameCheck, endpoint: string): Promise<void> {
  const verdict = await hostNames.verdictOn(endpoint);
  if (verdict === 'public') return;
  const { host } = new URL(endpoint);
  if (verdict === 'not-public') {
    throw new Refusal(
      'ENDPOINT_NOT_ALLOWED',
      `The host of the endpoint has no public address: ${host}.`,
      endpointPath,
    );
  }
  throw new Refusal(
    'UNAVAILABLE',
    `The host of the endpoint could not be looked up: ${host}. Try again.`,
    endpointPath,
  );
}
