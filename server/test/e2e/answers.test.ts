/** What a push service answers, and what becomes of the delivery and of the push subscription. */

import type { ScriptedAnswer } from '../../src/localPushService/control/scriptedAnswers';
import type { SeenPushRequest } from '../../src/localPushService/pushRequestLog';
import { describeEachEngine } from '../support/engines/describeEachEngine';
import type { Browser, DeliveryView } from '../support/engines/stage';

interface Fault {
  readonly name: string;
  readonly answer: () => ScriptedAnswer;
  /** What holds between the first POST and the second. */
  readonly between?: (first: SeenPushRequest, second: SeenPushRequest) => void;
}

const gapMs = (first: SeenPushRequest, second: SeenPushRequest) => second.at.getTime() - first.at.getTime();
/** Whole seconds, as HTTP dates are. */
const soon = () => new Date(Math.floor(Date.now() / 1000) * 1000 + 3_000);
const attemptTimeoutMs = 10_000;

function faultsThatPass(date: Date): Fault[] {
  return [
    { name: '500', answer: () => ({ status: 500 }) },
    { name: '503', answer: () => ({ status: 503 }) },
    { name: '429 without a word', answer: () => ({ status: 429 }) },
    {
      name: '429 with seconds',
      answer: () => ({ status: 429, headers: { 'retry-after': '2' } }),
      between: (first, second) => expect(gapMs(first, second)).toBeGreaterThanOrEqual(2_000),
    },
    {
      name: '429 with a date',
      answer: () => ({ status: 429, headers: { 'retry-after': date.toUTCString() } }),
      between: (_, second) => expect(second.at.getTime()).toBeGreaterThanOrEqual(date.getTime()),
    },
    {
      name: 'no answer',
      answer: () => ({ stall: true }),
      between: (first, second) => expect(gapMs(first, second)).toBeGreaterThanOrEqual(attemptTimeoutMs - 100),
    },
    { name: 'a broken connection', answer: () => ({ reset: true }) },
    { name: '401', answer: () => ({ status: 401 }) },
  ];
}

describeEachEngine('an answer', (scenario) => {
  scenario('a fault that passes is tried again and ends ACCEPTED', async (stage) => {
    const date = soon();
    const faults = faultsThatPass(date);
    const browsers = await Promise.all(faults.map(({ name }) => stage.subscribe({ userId: name })));
    faults.forEach(({ answer }, index) => {
      stage.pushService.script({ ...answer(), times: 1, subscription: browsers[index]?.endpoint });
    });
    const id = await stage.send({ audience: { userIds: faults.map(({ name }) => name) } });
    const notification = await stage.completed(id, 45_000);

    expect(notification.progress).toMatchObject({ targeted: faults.length, accepted: faults.length });
    faults.forEach(({ name, between }, index) => {
      const [first, second, ...more] = stage.postsTo(browsers[index] as Browser);
      if (!first || !second) throw new Error(`"${name}" was not tried again.`);
      expect({ name, more }).toEqual({ name, more: [] });
      between?.(first, second);
    });
    const attempts = notification.deliveries.edges.map(({ node }) => node.attempts);
    expect(attempts).toEqual(faults.map(() => 2));
    for (const browser of browsers) await browser.agent.waitForMessages(1);
  });

  scenario('404 and 410 end that push subscription alone; nothing else ends one', async (stage) => {
    const final = [
      { status: 404, expected: { status: 'GONE', attempts: 1, httpStatus: 404 } },
      { status: 410, expected: { status: 'GONE', attempts: 1, httpStatus: 410 } },
      { status: 400, expected: { status: 'REJECTED', attempts: 1, httpStatus: 400 } },
      { status: 413, expected: { status: 'REJECTED', attempts: 1, httpStatus: 413 } },
      // a second try with a token signed afresh
      { status: 401, expected: { status: 'REJECTED', attempts: 2, httpStatus: 401 } },
      { status: 403, expected: { status: 'REJECTED', attempts: 2, httpStatus: 403 } },
      { status: 301, expected: { status: 'REJECTED', attempts: 1, httpStatus: 301 } },
    ];
    const browsers: Browser[] = [];
    for (const { status } of final) {
      const browser = await stage.subscribe({ userId: 'ada' });
      stage.pushService.script({ status, subscription: browser.endpoint });
      browsers.push(browser);
    }
    const fine = await stage.subscribe({ userId: 'ada' });
    const first = await stage.completed(await stage.send({ audience: { userIds: ['ada'] } }));
    expect(first.progress).toMatchObject({ targeted: 8, accepted: 1, gone: 2, rejected: 5 });
    final.forEach(({ expected }, index) => {
      expect(deliveryTo(first.deliveries.edges, browsers[index] as Browser)).toMatchObject(expected);
    });

    stage.pushService.reset();
    const second = await stage.completed(await stage.send({ audience: { userIds: ['ada'] } }));
    expect(second.progress).toMatchObject({ targeted: 6, accepted: 6 });
    const tried = (browser: Browser) => stage.postsTo(browser).length;
    expect([...browsers, fine].map(tried)).toEqual([0, 0, 1, 1, 1, 1, 1, 1]);
  });

  scenario('an answer that is lost leads to a second POST, and to one notification', async (stage) => {
    const browser = await stage.subscribe({ userId: 'bob' });
    stage.pushService.script({ accept: true, reset: true, times: 1 });
    const id = await stage.send({ audience: { userIds: ['bob'] } });
    expect(await stage.completed(id)).toMatchObject({ progress: { targeted: 1, accepted: 1 } });
    await browser.agent.waitForMessages(2);
    expect(tagsOf(browser)).toEqual([id, id]);
  });

  scenario('progress adds up at every look while a broadcast meets every kind of trouble', async (stage) => {
    const browsers = await stage.subscribeMany(60, 'news');
    browsers.forEach(({ endpoint }, index) => {
      const answer = [{ status: 410 }, { status: 500, times: 1 }, { status: 400 }, { delayMs: 200 }][
        index % 6
      ];
      if (answer) stage.pushService.script({ ...answer, subscription: endpoint });
    });
    const { progress } = await stage.completed(await stage.send({ audience: { tags: { anyOf: ['news'] } } }));
    expect(progress).toMatchObject({ targeted: 60, accepted: 40, gone: 10, rejected: 10 });
  });
});

function deliveryTo(edges: ReadonlyArray<{ node: DeliveryView }>, browser: Browser) {
  return edges.find(({ node }) => node.subscription?.id === browser.id)?.node;
}

function tagsOf({ agent }: Pick<Browser, 'agent'>): unknown[] {
  return agent.received.map(({ plaintext }) => JSON.parse(plaintext ?? '{}').notification.tag);
}
