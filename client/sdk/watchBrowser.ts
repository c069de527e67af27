/** The person may change the permission in the browser's own settings, with the page open. */
export async function watchPermission(refresh: () => void): Promise<void> {
  try {
    const status = await navigator.permissions.query({ name: 'notifications' });
    status.addEventListener('change', refresh);
  } catch {
    // no permissions API, or not for notifications: the next call tells
  }
}

/** Now, and whenever the page is seen again: much may have changed meanwhile in other tabs and in the browser. */
export function watchView(comeIntoView: () => void): void {
  if (typeof document === 'undefined') return;
  comeIntoView();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') comeIntoView();
  });
}
