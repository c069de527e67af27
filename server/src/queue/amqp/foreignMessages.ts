import type { Log } from '../../observe/log';

const tellEveryMs = 60_000;

/**
 * Tells messages of another installation, which publishes to and consumes from the same queues, from ours. Each takes some
 * of the other's away, which come only when its relay misses them.
 */
export class ForeignMessages {
  #tellAgainAt = Number.NEGATIVE_INFINITY;

  /** @param installation this one's name; undefined: everything counts as ours */
  constructor(
    private readonly installation: string | undefined,
    private readonly log: Log,
  ) {}

  /** @param appId the AMQP property, which earlier versions did not set */
  isForeign(appId: string | undefined): boolean {
    if (this.installation === undefined || appId === undefined || appId === this.installation) return false;
    if (performance.now() >= this.#tellAgainAt) {
      this.#tellAgainAt = performance.now() + tellEveryMs;
      this.log.error(
        { otherInstallation: appId },
        'another installation uses the same queues, which delays both: give each a virtual host or a FANFARE_QUEUE_PREFIX of its own',
      );
    }
    return true;
  }
}
