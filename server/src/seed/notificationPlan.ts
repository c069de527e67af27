import type { Audience } from '../model/audience';
import type { NotificationContent } from '../model/notificationContent';
import { dayMs, hourMs } from '../model/timeSpans';
import type { RandomSource } from './randomSource';
import type { SeededDevice } from './seedSubscriptions';

const days = 14;

/** A notification to lay down: who was to get it, and when. */
export interface PlannedNotification {
  readonly content: NotificationContent;
  readonly audience: Audience;
  readonly lane: 'transactional' | 'bulk';
  readonly keyName: string;
  readonly createdAt: number;
  readonly devices: readonly SeededDevice[];
}

const broadcasts: readonly { tag: string; title: string; body: string; hour: number }[] = [
  { tag: 'news', title: 'The morning in five minutes', body: 'What happened overnight, in brief.', hour: 6 },
  { tag: 'sport', title: 'Final score', body: 'All results and the table of the day.', hour: 20 },
  { tag: 'offers', title: 'Today only: free delivery', body: 'On every order until midnight.', hour: 10 },
];

const messages: readonly (readonly [{ title: string; body: string }, number])[] = [
  [{ title: 'Your order is on its way', body: 'It arrives between 2 and 4 pm.' }, 5],
  [{ title: 'Your parcel was delivered', body: 'It is with your neighbour.' }, 3],
  [{ title: 'Appointment tomorrow at 9:30', body: 'Tap to move or cancel it.' }, 2],
  [{ title: 'Somebody signed in from a new device', body: 'If this was not you, act now.' }, 1],
];

/** Two weeks of broadcasts by tag and messages to single users, oldest first. */
export function planNotifications(
  devices: readonly SeededDevice[],
  chance: RandomSource,
  now: number,
): PlannedNotification[] {
  const today = now - (now % dayMs);
  const planned: PlannedNotification[] = [];
  for (let day = days - 1; day >= 0; day -= 1) {
    const midnight = today - day * dayMs;
    for (const { hour, ...each } of broadcasts) {
      planned.push(broadcast(each, devices, midnight + hour * hourMs + chance.between(0, 600_000)));
    }
    for (let count = chance.between(12, 30); count > 0; count -= 1) {
      planned.push(message(devices, chance, midnight + chance.between(7 * hourMs, 21 * hourMs)));
    }
  }
  const settled = now - 600_000;
  return planned.filter(({ createdAt }) => createdAt < settled).sort((a, b) => a.createdAt - b.createdAt);
}

function broadcast(
  { tag, title, body }: { tag: string; title: string; body: string },
  devices: readonly SeededDevice[],
  createdAt: number,
): PlannedNotification {
  return {
    content: { title, body, navigate: `https://www.example.org/${tag}` },
    audience: { tags: { anyOf: [tag] } },
    lane: 'bulk',
    keyName: tag === 'offers' ? 'marketing' : 'newsroom',
    createdAt,
    devices: devices.filter((device) => device.tags.includes(tag) && isLive(device, createdAt)),
  };
}

function message(
  devices: readonly SeededDevice[],
  chance: RandomSource,
  createdAt: number,
): PlannedNotification {
  const userId = devices[chance.between(0, devices.length - 1)]?.userId ?? '';
  return {
    content: { ...chance.weighted(messages), navigate: 'https://www.example.org/account' },
    audience: { userIds: [userId] },
    lane: 'transactional',
    keyName: 'shop back end',
    createdAt,
    devices: devices.filter((device) => device.userId === userId && isLive(device, createdAt)),
  };
}

/** One that ended within the two hours before was still taken for live: the send found out. */
function isLive({ createdAt, retiredAt }: SeededDevice, at: number): boolean {
  return createdAt < at && (retiredAt === null || retiredAt > at - 2 * hourMs);
}
