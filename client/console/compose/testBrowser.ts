import { createFanfare } from '../../sdk/fanfare';
import { apiUrl, callApi } from '../graphql/callApi';
import { CreateApiKeyDocument } from '../graphql/operations';
import { serverAddress } from '../serverAddress';
import type { Session } from '../session/session';
import { isRefusedKey } from '../session/useRefusedKey';

const item = 'fanfare.console.publishable';

/**
 * Subscribes this browser, so that a test can be sent to it; the person has given the permission before.
 * @returns the id of its push subscription
 * @throws FanfareError, and Error when there is no publishable key to subscribe with
 */
export async function subscribeThisBrowser(session: Session): Promise<string> {
  const key = (await findPublishableKey(session)) ?? (await makePublishableKey(session));
  const serviceWorker = { url: serverAddress('sdk/fanfare-sw.js') };
  const fanfare = createFanfare({ url: apiUrl, key, serviceWorker });
  try {
    return (await fanfare.subscribe()).subscription.id;
  } catch (error) {
    // revoked since; any other fault would be the same with another key
    if (isRefusedKey(error)) localStorage.removeItem(item);
    throw error;
  }
}

/**
 * The publishable key that this browser can subscribe with; undefined where none is known. Never the secret key: the SDK
 * keeps the one it is given for its service worker.
 */
export async function findPublishableKey({ viewer }: Session): Promise<string | undefined> {
  const response = await fetch(serverAddress('demo/config.json')).catch(() => undefined);
  const config: { key?: string } = response?.ok ? await response.json() : {};
  if (config.key && viewer.applicationName === 'default') return config.key;
  const known: { application?: string; key?: string } = JSON.parse(localStorage.getItem(item) ?? '{}');
  return known.application === viewer.applicationId ? known.key : undefined;
}

async function makePublishableKey({ key, viewer, may }: Session): Promise<string> {
  if (!may('admin')) throw new Error('A test to your own browser takes a key with the scope admin.');
  const input = { name: 'console: test browsers', kind: 'PUBLISHABLE' as const };
  const made = await callApi(key, CreateApiKeyDocument, { input });
  const publishable = made.createApiKey.secret;
  localStorage.setItem(item, JSON.stringify({ application: viewer.applicationId, key: publishable }));
  return publishable;
}
