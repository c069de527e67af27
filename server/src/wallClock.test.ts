/** What lasts is measured by a clock that nobody sets: the machine's own time of day is asked for these purposes alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const folders = ['server/src', 'client/sdk', 'client/service-worker', 'client/demo', 'client/console'].concat(
  'client/react',
  'client/playground',
);

/** Uses in a file, and what the time is compared with or kept for. */
const permitted: Record<string, readonly [uses: number, purpose: string]> = {
  'server/src/commands/doctor/checkSettings.ts': [1, 'a date in a setting'],
  'server/src/database/databaseClock.ts': [1, 'the difference to the database’s clock'],
  'server/src/database/openDatabase.ts': [1, 'SQLite has no clock but the machine’s'],
  'server/src/database/migrations/0009UserSince.ts': [
    1,
    'a moment in rows, before the database’s clock is read',
  ],
  'server/src/delivery/leaseKeeper.ts': [1, 'a suspend, which the monotonic clock may not count'],
  'server/src/webPush/transport/pushTransport.ts': [1, 'the end of a message’s time'],
  'server/src/webPush/transport/exchange.ts': [1, 'the end of a message’s time'],
  'server/src/webPush/transport/http1Sender.ts': [1, 'the end of a message’s time'],
  'server/src/webPush/transport/http2/http2Connection.ts': [1, 'the end of a message’s time'],
  'server/src/http/health.ts': [1, 'a value that differs each time'],
  'server/src/localPushService/answerPush.ts': [1, 'a moment to show'],
  'server/src/localPushService/messageStore.ts': [1, 'a moment to show'],
  'server/src/localPushService/userAgent/simulatedUserAgent.ts': [2, 'a moment to show'],
  'server/src/localPushService/verifyVapid.ts': [1, '`exp` of a token (RFC 8292 section 2)'],
  'client/console/content/previews/previewContent.ts': [1, 'a moment to show'],
  'client/console/keys/ApiKeysPanel.tsx': [1, 'a moment that the API told'],
  'client/console/layout/words.ts': [1, 'a moment that the API told'],
  'client/console/notifications/refreshMs.ts': [1, 'a moment that the API told'],
  'client/console/notifications/useLiveProgress.ts': [1, '`dataUpdatedAt` of TanStack Query'],
  'client/playground/exampleVariables.ts': [1, 'a date in an example'],
  'client/sdk/clickedPage.ts': [1, 'stored: the service worker wrote it'],
  'client/sdk/keptReceipts.ts': [2, 'stored: outlives the process'],
  'client/sdk/renewSubscription.ts': [2, 'stored: outlives the page'],
  'client/sdk/softPrompt.ts': [3, 'stored: outlives the page'],
  'client/service-worker/onNotificationClose.ts': [1, 'stored: the worker may have been started anew'],
  'client/service-worker/onPush.ts': [1, 'stored: the worker may be started anew'],
  'client/service-worker/openPage.ts': [1, 'stored: a page reads it'],
};

const wallClock = /\bDate\.now\b|\bnew Date\(\)|(?<!new )\bDate\(\)/g;

test('no file asks the time of day for anything else', () => {
  const uses: Record<string, number> = {};
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name) || name.includes('.test.')) continue;
      const file = join(folder, name);
      const count = readFileSync(join(root, file), 'utf8').match(wallClock)?.length ?? 0;
      if (count > 0) uses[file] = count;
    }
  }
  expect(uses).toEqual(Object.fromEntries(Object.entries(permitted).map(([file, [count]]) => [file, count])));
});
