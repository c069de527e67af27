/** The subscription over WebSocket: progress as it moves, and its end. */

import { operation } from '../support/api/graphqlCall';
import { socketTo } from '../support/api/graphqlSockets';
import { describeEachEngine } from '../support/engines/describeEachEngine';
import { expectProgressAddsUp, type NotificationView, type Stage } from '../support/engines/stage';

interface Seen {
  readonly notificationProgress: Pick<NotificationView, 'status' | 'completedAt' | 'progress'>;
}

function watch(stage: Stage, id: string) {
  const { api, adminKey } = stage.installation;
  const client = socketTo(api.url, adminKey);
  return client.iterate<Seen>({ query: operation('notificationProgress'), variables: { id } });
}

describeEachEngine('watching', (scenario) => {
  scenario('progress only grows, adds up at every step, and the stream ends with the last', async (stage) => {
    const browsers = await stage.subscribeMany(60, 'news');
    stage.pushService.script({ delayMs: 300 });
    const id = await stage.send({ audience: { tags: { anyOf: ['news'] } } });
    const seen: Seen['notificationProgress'][] = [];
    for await (const { data, errors } of watch(stage, id)) {
      expect(errors).toBeUndefined();
      if (data) seen.push(data.notificationProgress);
    }
    for (const { progress } of seen) expectProgressAddsUp(progress);
    const accepted = seen.map(({ progress }) => progress.accepted);
    expect(accepted).toEqual([...accepted].sort((a, b) => a - b));
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(seen.at(0)).toMatchObject({ status: 'SENDING', completedAt: null });
    expect(seen.at(-1)).toMatchObject({
      status: 'COMPLETED',
      completedAt: expect.any(String),
      progress: { targeted: browsers.length, accepted: browsers.length, pending: 0 },
    });
  });

  scenario('a notification that is finished is shown once', async (stage) => {
    await stage.subscribe({ userId: 'ada' });
    const id = await stage.send({ audience: { userIds: ['ada'] } });
    await stage.completed(id);
    const seen: unknown[] = [];
    for await (const { data } of watch(stage, id)) seen.push(data);
    expect(seen).toMatchObject([{ notificationProgress: { status: 'COMPLETED' } }]);
  });
});
