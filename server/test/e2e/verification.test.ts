/** Verification: the welcome a browser is sent at its subscribe carries the nonce that its worker returns. */

import { operation } from '../support/api/graphqlCall';
import { describeEachEngine } from '../support/engines/describeEachEngine';
import type { Browser, Stage } from '../support/engines/stage';

interface Shown {
  readonly notification: {
    readonly title: string;
    readonly data: { readonly fanfare: { receipt: string; url: string } };
  };
}

const newest = ({ agent }: Browser) => JSON.parse(agent.received.at(-1)?.plaintext ?? '{}') as Shown;

/** What the service worker does with what it shows: to the address of the payload, without a key. */
async function tellDisplayed({ notification }: Shown): Promise<void> {
  const { url, receipt: token } = notification.data.fanfare;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: operation('recordReceipt'), variables: { token, event: 'DISPLAYED' } }),
  });
  expect(await response.json()).toEqual({ data: { recordReceipt: true } });
}

async function verify(stage: Stage, settings: object): Promise<void> {
  const { applications } = await stage.installation.graphql<{ applications: { id: string; name: string }[] }>(
    '{ applications { id name } }',
  );
  await stage.installation.graphql(
    'mutation ($id: ID!, $settings: ApplicationSettingsInput!) { updateApplication(id: $id, settings: $settings) { id } }',
    { id: applications.find(({ name }) => name === 'default')?.id, settings },
  );
}

describeEachEngine('verification', (scenario) => {
  scenario('a browser verifies itself by the welcome, and only then gets broadcasts', async (stage) => {
    await verify(stage, { verifySubscriptions: true, welcome: { title: 'Welcome 👋' } });
    const [real, invented] = [
      await stage.subscribe({ tags: ['verified'] }),
      await stage.subscribe({ tags: ['verified'] }),
    ];
    for (const browser of [real, invented]) {
      await browser.agent.waitForMessages(1);
      expect(newest(browser).notification.title).toBe('Welcome 👋');
    }
    const broadcast = () => stage.send({ audience: { tags: { anyOf: ['verified'] } } });
    expect((await stage.completed(await broadcast())).progress.targeted).toBe(0);

    await tellDisplayed(newest(real));
    expect((await stage.completed(await broadcast())).progress).toMatchObject({ targeted: 1, accepted: 1 });
    await real.agent.waitForMessages(2);
    expect(newest(real).notification.title).toBe('Hello');
    expect(stage.postsTo(invented)).toHaveLength(1);
    await verify(stage, { verifySubscriptions: false, welcome: null });
  });
});
