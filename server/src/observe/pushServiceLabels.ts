import { vendorNames } from '../model/pushService';

/** Series and rows are kept, and subscribers may name any number of push services. */
const maxNamed = 100;

/** Under this label all push services beyond the named ones are counted together. */
export const otherPushServices = 'others';

/** The labels of push services in metrics and health lists: the vendors, and the first others to come, 100 in all. */
export class PushServiceLabels {
  readonly #named = new Set<string>(vendorNames);

  of(pushService: string): string {
    if (this.#named.has(pushService)) return pushService;
    if (this.#named.size >= maxNamed) return otherPushServices;
    this.#named.add(pushService);
    return pushService;
  }
}
