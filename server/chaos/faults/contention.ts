import { randomBytes } from 'node:crypto';
import { simulatedBrowser } from '../../bench/simulatedBrowser';
import type { Fault } from '../fault';
import type { Scene } from '../scene';

const parallel = 50;
const forMs = 10_000;

/** Mutations that write, one after the other, until the time is up. @returns how many failed, and why */
async function mutate(scene: Scene, endAt: number, who: number): Promise<{ made: number; faults: string[] }> {
  const faults: string[] = [];
  let made = 0;
  const browser = simulatedBrowser(1_000_000 + who);
  while (Date.now() < endAt) {
    const endpoint = `https://fcm.googleapis.com/fcm/send/${randomBytes(16).toString('hex')}`;
    const keys = {
      p256dh: browser.publicKey.toString('base64url'),
      auth: browser.authSecret.toString('base64url'),
    };
    try {
      await scene.installation.graphql(
        `mutation ($subscribe: SubscribeInput!, $unsubscribe: UnsubscribeInput!) {
           subscribe(input: $subscribe) { created } unsubscribe(input: $unsubscribe) { unsubscribed } }`,
        {
          subscribe: { subscription: { endpoint, keys }, userId: `visitor-${who}`, tags: ['visitor'] },
          unsubscribe: { endpoint },
        },
      );
      made += 2;
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  return { made, faults };
}

let faultsSeen: string[] = [];

export const contention: Fault = {
  ...{ name: 'SQLite: 50 parallel mutations', engine: 'embedded', hurtShare: 0.5, begins: 'under way' },
  delayMs: 10,
  play: async (scene) => {
    const endAt = Date.now() + forMs;
    const results = await Promise.all(
      Array.from({ length: parallel }, (_, who) => mutate(scene, endAt, who)),
    );
    faultsSeen = results.flatMap(({ faults }) => faults);
    const made = results.reduce((sum, each) => sum + each.made, 0);
    return `${Math.round(made / (forMs / 1000))} mutations/s, ${faultsSeen.length} failed`;
  },
  judge: async () => [...new Set(faultsSeen)],
};
