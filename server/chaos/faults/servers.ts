import type { Fault } from '../fault';

const common = { engine: 'separate', hurtShare: 0.5, begins: 'under way', delayMs: 30 } as const;

/** Longer than a lease of the run, which is 10 seconds. */
const longMs = 20_000;

export const servers: readonly Fault[] = [
  {
    ...common,
    name: 'RabbitMQ restarts',
    play: async (scene) => {
      const { rabbit } = await scene.ground.servers();
      await rabbit.stop();
      await rabbit.start();
      return undefined;
    },
  },
  {
    ...common,
    name: 'RabbitMQ comes back empty',
    play: async (scene) => {
      const { rabbit } = await scene.ground.servers();
      await rabbit.kill();
      rabbit.wipe();
      await rabbit.start();
      return undefined;
    },
  },
  {
    ...common,
    name: 'MariaDB restarts',
    play: async (scene) => {
      const { mariadb } = await scene.ground.servers();
      await mariadb.kill();
      await mariadb.start();
      return undefined;
    },
  },
  {
    ...common,
    name: 'MariaDB is away for 30 s',
    play: async (scene) => {
      const { mariadb } = await scene.ground.servers();
      await mariadb.stop();
      await scene.wait(30_000);
      await mariadb.start();
      return undefined;
    },
  },
  {
    ...common,
    name: 'MariaDB stalls for 5 s',
    neverDoubles: true,
    play: async (scene) => {
      await (await scene.ground.servers()).stallDatabase(5_000);
      return undefined;
    },
  },
  {
    ...common,
    name: 'MariaDB stalls for 20 s',
    play: async (scene) => {
      await (await scene.ground.servers()).stallDatabase(longMs);
      return undefined;
    },
  },
  {
    ...common,
    name: 'connections to MariaDB half open',
    throughProxies: true,
    play: async (scene) => {
      const { toMariadb } = await scene.ground.servers();
      toMariadb.freeze();
      await scene.wait(5_000);
      toMariadb.heal();
      return undefined;
    },
  },
  {
    ...common,
    name: 'connections to RabbitMQ half open',
    throughProxies: true,
    play: async (scene) => {
      const { toRabbit } = await scene.ground.servers();
      toRabbit.freeze();
      await scene.wait(5_000);
      toRabbit.heal();
      return undefined;
    },
  },
  {
    ...common,
    name: 'connections to both cut again and again',
    throughProxies: true,
    play: async (scene) => {
      const { toMariadb, toRabbit } = await scene.ground.servers();
      for (let round = 0; round < 10; round += 1) {
        await scene.wait(300 + Math.random() * 700);
        toMariadb.cut();
        toRabbit.cut();
      }
      return undefined;
    },
  },
];
