import { type LookupAddress, Resolver } from 'node:dns';
import { LRUCache } from 'lru-cache';
import { type Deadline, startDeadline } from '../model/deadline';
import { LookupSlots } from './lookupSlots';
import type { ResolveAll } from './resolveAll';

const lookupTimeoutMs = 2_000;

/** How long a name that does not exist, and one whose name servers do not answer, is not looked up again. */
const notFoundMs = 30_000;
const unansweredMs = 5_000;
const maxFailures = 10_000;

type LookupFailure = 'ENOTFOUND' | 'EAI_AGAIN';

interface BoundedResolverOptions {
  /** Name servers to ask instead of those of the system. */
  readonly servers?: readonly string[];
  /** Look-ups at a time for names of one registrable domain: 4. */
  readonly perDomain?: number;
  /** For a look-up, and for the wait for its turn: 2 s. */
  readonly timeoutMs?: number;
}

/**
 * Looks up names that a stranger may have chosen. `dns.lookup` would occupy one of the few threads that the whole process
 * shares until the name servers have answered; c-ares (`dns.Resolver`) needs none. Each look-up takes 2 s at most, the number
 * of them is limited, and one that failed is not repeated for a short time. /etc/hosts is not read.
 */
export class BoundedResolver {
  private readonly resolver: Resolver;
  private readonly timeoutMs: number;
  private readonly failures = new LRUCache<string, LookupFailure>({ max: maxFailures });
  private readonly slots: LookupSlots;
  private readonly underWay = new Map<string, Promise<LookupAddress[] | LookupFailure>>();

  constructor({ servers, perDomain = 4, timeoutMs = lookupTimeoutMs }: BoundedResolverOptions = {}) {
    this.timeoutMs = timeoutMs;
    this.resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
    if (servers !== undefined) this.resolver.setServers(servers);
    this.slots = new LookupSlots({ total: 64, perDomain, waiting: 1_000, waitMs: timeoutMs });
  }

  readonly resolve: ResolveAll = (hostname, _options, callback) => {
    void this.lookup(hostname).then((found) => {
      if (typeof found === 'string') callback(lookupError(found), []);
      else callback(null, found);
    });
  };

  /** Connections that need the same name at the same time share one look-up, and one slot. */
  private lookup(hostname: string): Promise<LookupAddress[] | LookupFailure> {
    const known = this.underWay.get(hostname);
    if (known !== undefined) return known;
    const found = this.lookupAlone(hostname).finally(() => this.underWay.delete(hostname));
    this.underWay.set(hostname, found);
    return found;
  }

  private async lookupAlone(hostname: string): Promise<LookupAddress[] | LookupFailure> {
    const known = this.failures.get(hostname);
    if (known !== undefined) return known;
    const found = await this.slots.run(hostname, () => this.ask(hostname));
    if (found === undefined) return 'EAI_AGAIN';
    if (typeof found === 'string') {
      this.failures.set(hostname, found, { ttl: found === 'ENOTFOUND' ? notFoundMs : unansweredMs });
    }
    return found;
  }

  /** c-ares gives its time-out to each of several name servers: all together get no more than that. */
  private async ask(hostname: string): Promise<LookupAddress[] | LookupFailure> {
    const known = this.failures.get(hostname);
    if (known !== undefined) return known;
    let deadline: Deadline | undefined;
    const late = new Promise<LookupFailure>((resolve) => {
      deadline = startDeadline(this.timeoutMs, () => resolve('EAI_AGAIN'));
    });
    const families = [4, 6] as const;
    const answers = await Promise.all(
      families.map((family) => Promise.race([this.addresses(hostname, family), late])),
    );
    deadline?.cancel();
    return combine(answers);
  }

  private addresses(hostname: string, family: 4 | 6): Promise<LookupAddress[] | LookupFailure> {
    return new Promise((resolve) => {
      const done = (error: NodeJS.ErrnoException | null, addresses: string[]): void => {
        if (error !== null) resolve(isAbsence(error) ? 'ENOTFOUND' : 'EAI_AGAIN');
        else resolve(addresses.map((address) => ({ address, family })));
      };
      if (family === 4) this.resolver.resolve4(hostname, done);
      else this.resolver.resolve6(hostname, done);
    });
  }
}

/** One kind of address is enough; a name does not exist only when neither kind does. */
function combine(answers: ReadonlyArray<LookupAddress[] | LookupFailure>): LookupAddress[] | LookupFailure {
  const addresses = answers.flatMap((answer) => (typeof answer === 'string' ? [] : answer));
  if (addresses.length > 0) return addresses;
  return answers.includes('EAI_AGAIN') ? 'EAI_AGAIN' : 'ENOTFOUND';
}

function isAbsence({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOTFOUND' || code === 'ENODATA';
}

function lookupError(code: LookupFailure): NodeJS.ErrnoException {
  return Object.assign(new Error('The name of the host could not be resolved'), { code });
}
