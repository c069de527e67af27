import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useSession } from '../session/session';
import { callApi } from './callApi';
import type { TypedDocument } from './operations';

interface QueryOptions<Data> {
  /** Milliseconds between two looks at data that moves by itself; a function is asked after each answer. */
  refreshMs?: number | ((data: Data | undefined) => number) | undefined;
  enabled?: boolean | undefined;
  /** Shows the answer to the last variables until the next one is there: for typing and paging. */
  keepPrevious?: boolean | undefined;
}

/** What the API answers to a query with the session's key, cached by document and variables. */
export function useApiQuery<Data, Variables extends object>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  options: QueryOptions<Data> = {},
): UseQueryResult<Data, Error> {
  const { key } = useSession();
  const { refreshMs } = options;
  return useQuery<Data, Error>({
    queryKey: [document, variables],
    queryFn: () => callApi(key, document, variables),
    refetchInterval:
      typeof refreshMs === 'function' ? ({ state }) => refreshMs(state.data) : (refreshMs ?? false),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious && { placeholderData: keepPreviousData }),
  });
}

/** A mutation with the session's key; afterwards everything on the screen is asked for anew. */
export function useApiMutation<Data, Variables extends object>(
  document: TypedDocument<Data, Variables>,
): UseMutationResult<Data, Error, Variables> {
  const { key } = useSession();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (variables: Variables) => callApi(key, document, variables),
    // not waited for: what is asked for anew may take the caller off the screen, and its own `onSuccess` with it
    onSuccess: () => void client.invalidateQueries(),
  });
}
