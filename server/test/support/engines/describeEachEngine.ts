import { describeWith, type Need } from './available';
import type { Engine, InstallationOptions } from './installation';
import { expectInvariants } from './invariants';
import { Stage } from './stage';

/** One test over a whole installation; the invariants are checked after it. */
export type Scenario = (name: string, play: (stage: Stage) => Promise<void>, timeoutMs?: number) => void;

const startTimeoutMs = 120_000;

/** Plays the same scenarios on both engines, each with an installation that the whole block shares. */
export function describeEachEngine(name: string, body: (scenario: Scenario, engine: Engine) => void): void {
  for (const engine of ['embedded', 'distributed'] as const) {
    describeInstallation(
      `${name}, ${engine}`,
      engine === 'embedded' ? [] : ['mysql', 'rabbitmq'],
      async () => ({ engine }),
      (scenario) => body(scenario, engine),
    );
  }
}

/**
 * A block of scenarios that share one installation.
 * @param needs where one is missing, the block is shown as skipped
 * @param prepare called before the start, for example to start a broker of the test's own
 */
export function describeInstallation(
  name: string,
  needs: readonly Need[],
  prepare: () => Promise<Omit<InstallationOptions, 'pushHosts'>>,
  body: (scenario: Scenario) => void,
): void {
  describeWith(needs, name, () => {
    let stage: Stage | undefined;

    beforeAll(async () => {
      stage = await Stage.open(await prepare());
    }, startTimeoutMs);

    afterAll(() => stage?.close(), startTimeoutMs);

    body((title, play, timeoutMs = 60_000) => {
      test(title, () => playScenario(stage, play), timeoutMs);
    });
  });
}

async function playScenario(stage: Stage | undefined, play: (stage: Stage) => Promise<void>): Promise<void> {
  if (!stage) throw new Error('The installation did not start.');
  try {
    await play(stage);
    await expectInvariants(stage);
  } catch (error) {
    process.stderr.write(`${stage.installation.logs}\n`);
    throw error;
  } finally {
    await stage.reset();
  }
}
