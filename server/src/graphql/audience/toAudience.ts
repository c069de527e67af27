import type { Audience } from '../../model/audience';
import type { PublicIds } from '../../model/ids/publicIds';

/** A stored audience in the words of `AudienceInput`: rows are named by their public ids. */
export function toAudience(audience: Audience, ids: PublicIds): Record<string, unknown> {
  const { subscriptionIds, failedOf, ...others } = audience;
  return {
    ...others,
    ...(subscriptionIds && { subscriptionIds: subscriptionIds.map((id) => ids.encode('subscription', id)) }),
    ...(failedOf !== undefined && { failedOf: ids.encode('notification', failedOf) }),
  };
}
