/** Workers that stand still (stopped, moved to another host, a laptop that slept) for longer than a POST may take. */
import { describeWith } from '../support/engines/available';
import { expectInvariants } from '../support/engines/invariants';
import { Stage } from '../support/engines/stage';
import { until } from '../support/until';

/** Fewer than may be under way at once. */
const subscribers = 25;
const answerDelayMs = 1_000;
/** A POST fails after 10 seconds without an answer. */
const standstillMs = 12_000;

// both at once: most of it is the standstill
describeWith(['mysql', 'rabbitmq'], 'workers that stand still, on both engines', () => {
  let stages: Stage[] = [];

  beforeAll(async () => {
    const env = { FANFARE_LEASE_SECONDS: '30' };
    stages = await Promise.all([
      Stage.open({ engine: 'embedded', env }),
      Stage.open({ engine: 'distributed', env }),
    ]);
  }, 120_000);

  afterAll(() => Promise.all(stages.map((stage) => stage.close())), 120_000);

  test('for 12 seconds take the answers that came in the meantime: nothing is sent twice or counts as failed', async () => {
    await Promise.all(
      stages.map(async (stage) => {
        const id = await postsUnderWay(stage);
        const { workers } = stage.installation;
        for (const worker of workers) worker.stopRunning();
        await new Promise((resolve) => setTimeout(resolve, standstillMs));
        const { activePosts } = stage.pushService.stats();
        for (const worker of workers) worker.goOn();
        expect(activePosts).toBe(0);
        const { progress } = await stage.completed(id);
        expect(progress).toMatchObject({ targeted: subscribers, accepted: subscribers });
        const failures = await Promise.all(workers.map(({ url }) => failuresIn(url)));
        const doubled = stage.posts().length - subscribers;
        if (doubled > 0) process.stderr.write(`${stage.installation.logs}\n`);
        expect({ doubled, failures: failures.flat() }).toEqual({ doubled: 0, failures: [] });
        await expectInvariants(stage);
      }),
    );
  });
});

async function postsUnderWay(stage: Stage): Promise<string> {
  await stage.subscribeMany(subscribers, 'all');
  stage.pushService.script({ delayMs: answerDelayMs });
  const id = await stage.send({ audience: { tags: { anyOf: ['all'] } } });
  await until(() => stage.pushService.stats().activePosts === subscribers, 'all POSTs under way');
  return id;
}

/** Lines of the metrics that tell of an attempt without success or of an open circuit breaker. */
async function failuresIn(url: string): Promise<string[]> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  return lines.filter(
    (line) =>
      (/^fanfare_attempts_total\{/.test(line) && !line.includes('outcome="accepted"')) ||
      /^fanfare_push_service_open\{.* 1$/.test(line),
  );
}
