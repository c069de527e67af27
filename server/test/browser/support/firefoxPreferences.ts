/** Firefox's own names for: talk to our push service, allow what a person would have to click, stay on this machine. */
export function firefoxPreferences(pushServiceUrl: string): Record<string, string | number | boolean> {
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

/** An address elsewhere ends Firefox instead of being reached. */
export const stayLocal = { MOZ_DISABLE_NONLOCAL_CONNECTIONS: '1' };
