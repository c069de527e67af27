import { useDebouncedValue } from '@mantine/hooks';
import type { UseQueryResult } from '@tanstack/react-query';
import { PayloadSizeDocument, type PayloadSizeQuery } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import type { ContentDraft } from './contentDraft';
import { contentOf } from './contentOf';

/** How large a content is as the server counts it, and whether it can be sent. */
export interface Payload {
  readonly query: UseQueryResult<PayloadSizeQuery, Error>;
  /** Whether there is something to measure: it has a title, and no field holds what cannot be sent. */
  readonly isWritten: boolean;
  /** The server has measured it, and takes it. */
  readonly fits: boolean;
  /** The server has measured it, and does not take it. */
  readonly isRefused: boolean;
}

/** Has the server measure, and check, what is being written. */
export function usePayload(draft: ContentDraft): Payload {
  const [settled] = useDebouncedValue(draft, 200);
  const content = contentOf(settled);
  const isWritten = content !== undefined;
  const query = useApiQuery(
    PayloadSizeDocument,
    { content: content ?? { title: '' } },
    { enabled: isWritten, keepPrevious: true },
  );
  const size = query.data?.payloadSize;
  const fits = isWritten && !query.error && size !== undefined && size.bytes <= size.limit;
  return { query, isWritten, fits, isRefused: isWritten && !query.isPending && !fits };
}
