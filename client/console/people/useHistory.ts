import { type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import { callApi } from '../graphql/callApi';
import { DeliveryHistoryDocument, type DeliveryHistoryQuery } from '../graphql/operations';
import { useSession } from '../session/session';

/** As many as the API gives at a time. */
const pageLength = 100;

export type HistoryEntry = DeliveryHistoryQuery['deliveryHistory'][number];

/** What was sent to a person, newest first, as far back as was asked for; looked at again every ten seconds. */
export function useHistory(userId: string): UseInfiniteQueryResult<HistoryEntry[], Error> {
  const { key, may } = useSession();
  return useInfiniteQuery({
    queryKey: [DeliveryHistoryDocument, userId],
    queryFn: async ({ pageParam: after }) => {
      const variables = { userId, first: pageLength, after };
      return (await callApi(key, DeliveryHistoryDocument, variables)).deliveryHistory;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.length === pageLength ? page.at(-1)?.cursor : undefined),
    select: ({ pages }) => pages.flat(),
    enabled: may('notifications:read'),
    refetchInterval: 10_000,
  });
}
