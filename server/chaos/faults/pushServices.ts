import type { Behaviour } from '../behaviour';
import type { Fault } from '../fault';
import type { Scene } from '../scene';

const illMs = 12_000;
/** Of every answer, so that an illness changes no more than what is answered. */
const delayMs = 10;

/** A push service is ill from before the send, while single users at the other one are sent to. */
function illness(name: string, behaviour: Behaviour, ill = true): Fault {
  return {
    ...{ name, engine: 'separate', hurtShare: 0.5, begins: 'before' },
    play: async (scene) => {
      await scene.behave('hurt', behaviour);
      scene.probes.start();
      await scene.wait(illMs);
      const { posts } = (await scene.report()).hurt;
      if (ill) await scene.behave('hurt', { kind: 'well', delayMs });
      return ill ? `${Math.round(posts / (illMs / 1000))} POSTs/s reached it` : undefined;
    },
  };
}

/** The others are compared with this one. */
export const allWell = illness('(nothing)', { kind: 'well', delayMs }, false);

export const pushServices: readonly Fault[] = [
  allWell,
  illness('push service dead', { kind: 'dead' }),
  illness('push service refuses', { kind: 'refuses' }),
  illness('push service resets', { kind: 'resets' }),
  illness('push service takes and never answers', { kind: 'tar-pit' }),
  illness('push service: 503, Retry-After 5', {
    ...{ kind: 'answers', status: 503, share: 1, delayMs },
    headers: { 'retry-after': '5' },
  }),
  illness('push service: 429 for a third', {
    ...{ kind: 'answers', status: 429, share: 0.33, delayMs },
    headers: { 'retry-after': '2' },
  }),
  illness('push service slow by 2 s', { kind: 'well', delayMs: 2_000 }),
  illness('push service: GOAWAY every 100', { kind: 'goes away', afterRequests: 100, delayMs }),
  illness('push service breaks TLS', { kind: 'breaks TLS' }),
  illness('push service: endless body', { kind: 'endless body', delayMs }),
];

const alarm = 'a push service refuses our VAPID key';
let refusedPosts = 0;

async function judgeHold(scene: Scene): Promise<string[]> {
  const alarms = scene.installation.logs.split(alarm).length - 1;
  const { length } = scene.installation.workers;
  const alarmed = alarms >= 1 && alarms <= length;
  return [
    ...(alarmed ? [] : [`${alarms} alarms of ${length} workers`]),
    ...(refusedPosts < 1_000 ? [] : [`${refusedPosts} POSTs although the key was refused`]),
  ];
}

export const credentials: Fault = {
  ...{ name: 'push service: 401 for all', engine: 'separate', hurtShare: 0.5, begins: 'before' },
  play: async (scene) => {
    await scene.behave('hurt', { kind: 'answers', status: 401, share: 1, delayMs });
    await scene.wait(illMs);
    const { posts } = (await scene.report()).hurt;
    refusedPosts = posts;
    await scene.behave('hurt', { kind: 'well', delayMs });
    return `${posts} POSTs in ${illMs / 1000} s, then held for a minute`;
  },
  judge: judgeHold,
};

const outageMs = 20_000;

/** Attempts are counted in the database, because at a port where nobody listens nobody counts. */
export const outage: Fault = {
  ...{ name: 'every push service refuses', engine: 'separate', hurtShare: 0.5, begins: 'before' },
  play: async (scene) => {
    await scene.behave('hurt', { kind: 'refuses' });
    await scene.behave('healthy', { kind: 'refuses' });
    await scene.wait(outageMs / 2);
    const before = await scene.count('attempt');
    await scene.wait(outageMs / 2);
    const perSecond = ((await scene.count('attempt')) - before) / (outageMs / 2000);
    await scene.behave('hurt', { kind: 'well', delayMs });
    await scene.behave('healthy', { kind: 'well', delayMs });
    return `${perSecond.toFixed(1)} attempts/s`;
  },
};
