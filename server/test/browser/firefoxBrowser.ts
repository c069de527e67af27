import puppeteer, { type Browser } from 'puppeteer-core';

/** Firefox's own names for: talk to our push service, allow what a person would have to click, stay on this machine. */
function preferences(pushServiceUrl: string): Record<string, unknown> {
  return {
    'dom.push.serverURL': pushServiceUrl,
    'dom.push.testing.allowInsecureServerURL': true,
    // the remote agent turns it off unless the profile has a value
    'dom.push.connection.enabled': true,
    'dom.push.enabled': true,
    'permissions.default.desktop-notification': 1,
    'dom.webnotifications.requireuserinteraction': false,
    // without a desktop service, showNotification fails but for this
    'alerts.useSystemBackend': false,
    'services.settings.server': 'data:,#remote-settings-dummy/v1',
  };
}

/** A headless Firefox in a throw-away profile, connected to this push service. */
export function startFirefox(executablePath: string, pushServiceUrl: string): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    extraPrefsFirefox: preferences(pushServiceUrl),
    env: { ...process.env, MOZ_DISABLE_NONLOCAL_CONNECTIONS: '1' },
  });
}
