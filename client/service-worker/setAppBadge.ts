/** Sets the app icon's badge where there is one (0 clears it). Not awaited: on iOS the promise was seen to hang. */
export function setAppBadge(navigator: WorkerNavigator, count: number | undefined): void {
  if (count === undefined || !('setAppBadge' in navigator)) return;
  navigator.setAppBadge(count).catch(() => undefined);
}
