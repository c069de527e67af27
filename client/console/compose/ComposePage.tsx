import { Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'react-router';
import { AudienceSizeDocument, PayloadSizeDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageHeader } from '../layout/PageHeader';
import { AudiencePanel } from './AudiencePanel';
import { ContentFields } from './ContentFields';
import type { ComposeStart } from './composeStart';
import { DeliveryFields } from './DeliveryFields';
import { audienceOf, type ChangeDraft, contentOf, draftFrom, emptyDraft } from './draft';
import { PayloadBudget } from './PayloadBudget';
import { PreviewPanel } from './PreviewPanel';
import { SendBar } from './SendBar';
import './compose.css';

/** Writes a notification: whom, what and how; beside it what people will see. */
export default function ComposePage(): ReactNode {
  const start = useLocation().state as ComposeStart | null;
  const [draft, setDraft] = useState(() => (start ? draftFrom(start) : emptyDraft));
  const change: ChangeDraft = (part) => setDraft((known) => ({ ...known, ...part }));
  const [settled] = useDebouncedValue(draft, 200);
  const audience = audienceOf(settled);
  const content = contentOf(settled);
  const size = useApiQuery(
    AudienceSizeDocument,
    { audience: audience ?? {} },
    { enabled: audience !== undefined, keepPrevious: true, refreshMs: 15_000 },
  );
  const payload = useApiQuery(
    PayloadSizeDocument,
    { content: content ?? { title: '' } },
    { enabled: content !== undefined, keepPrevious: true },
  );
  const count = audience ? size.data?.audienceSize : undefined;
  return (
    <>
      <PageHeader title="Compose" about="A notification to browsers that have subscribed" />
      <div className="compose">
        <Stack>
          <AudiencePanel draft={draft} change={change} size={size} count={count} />
          <ContentFields draft={draft} change={change} />
          <DeliveryFields draft={draft} change={change} />
        </Stack>
        <Stack className="compose-side">
          <PreviewPanel draft={draft} />
          <PayloadBudget query={payload} written={content !== undefined} />
          <SendBar draft={draft} count={count} fits={!payload.error && fits(payload.data?.payloadSize)} />
        </Stack>
      </div>
    </>
  );
}

function fits(size: { bytes: number; limit: number } | undefined): boolean {
  return size !== undefined && size.bytes <= size.limit;
}
