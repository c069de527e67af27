import type { ChaosProcess } from '../chaosProcess';
import type { Fault } from '../fault';
import type { Scene } from '../scene';

/** More of them in a longer broadcast. */
const rounds = (deliveries: number) => Math.min(15, 4 + deliveries / 5_000);

/** Kills and starts again, at random moments, as long as the broadcast runs. */
async function killAgainAndAgain(scene: Scene, victims: () => readonly ChaosProcess[]): Promise<string> {
  let kills = 0;
  for (let round = 0; round < rounds(scene.deliveries) && !(await scene.isCompleted()); round += 1) {
    await scene.wait(200 + Math.random() * 1_500);
    const chosen = victims();
    await Promise.all(chosen.map((process) => process.kill()));
    kills += chosen.length;
    await Promise.all(chosen.map((process) => process.start()));
  }
  return `${kills} kills`;
}

const crashes = 11;
const betweenCrashesMs = 3_000;

/** Kills while the push services take as long to answer as the process lives, as an OOM killer would. */
async function crashLoop(scene: Scene): Promise<string> {
  for (let crash = 0; crash < crashes; crash += 1) {
    await scene.wait(betweenCrashesMs);
    const { workers } = scene.installation;
    await Promise.all(workers.map((worker) => worker.kill()));
    const dead = await scene.count('dispatch', 'deadAt IS NOT NULL');
    if (dead > 0) throw new Error(`${dead} dispatches were set aside after crash ${crash + 1}`);
    await Promise.all(workers.map((worker) => worker.start()));
  }
  const suspects = await scene.count('dispatch', 'deaths >= 3');
  for (const service of ['hurt', 'healthy'] as const)
    await scene.behave(service, { kind: 'well', delayMs: common.delayMs });
  return `${crashes} kills, then ${suspects} suspects`;
}

function pick<Each>(all: readonly Each[]): Each[] {
  const chosen = all[Math.floor(Math.random() * all.length)];
  return chosen ? [chosen] : [];
}

const common = { engine: 'separate', hurtShare: 0.5, begins: 'under way', delayMs: 30 } as const;

export const kills: readonly Fault[] = [
  {
    ...common,
    name: 'kill -9 of a worker',
    play: (scene) => killAgainAndAgain(scene, () => pick(scene.installation.workers)),
  },
  {
    ...common,
    name: 'kill -9 of the API',
    neverDoubles: true,
    play: (scene) => killAgainAndAgain(scene, () => [scene.installation.api]),
  },
  {
    ...common,
    name: 'kill -9 of all',
    play: (scene) => killAgainAndAgain(scene, () => scene.installation.processes),
  },
  {
    ...common,
    name: 'kill -9 of all, embedded',
    engine: 'embedded',
    play: (scene) => killAgainAndAgain(scene, () => scene.installation.processes),
  },
  ...(['separate', 'embedded'] as const).map((engine) => ({
    ...common,
    engine,
    name: `crash loop, ${engine}`,
    delayMs: betweenCrashesMs,
    play: crashLoop,
  })),
  {
    ...common,
    name: 'SIGTERM, one worker after the other',
    neverDoubles: true,
    play: async (scene) => {
      let restarts = 0;
      for (let round = 0; round < 2 && !(await scene.isCompleted()); round += 1) {
        for (const process of scene.installation.processes) {
          const status = await process.terminate();
          if (status !== 0) throw new Error(`${process.role} ended with status ${status}`);
          await process.start();
          restarts += 1;
        }
      }
      return `${restarts} restarts`;
    },
  },
];
