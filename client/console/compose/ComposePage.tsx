import { Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'react-router';
import { ContentFields } from '../content/ContentFields';
import { PayloadBudget } from '../content/PayloadBudget';
import { PreviewPanel } from '../content/PreviewPanel';
import { usePayload } from '../content/usePayload';
import { AudienceSizeDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageHeader } from '../layout/PageHeader';
import { Panel } from '../layout/Panel';
import { AudiencePanel } from './AudiencePanel';
import type { ComposeStart } from './composeStart';
import { DeliveryFields } from './DeliveryFields';
import { audienceOf, type ChangeDraft, draftFrom, emptyDraft, isSameAudience } from './draft';
import { SendBar } from './SendBar';
import '../content/preview.css';

/** Writes a notification: whom, what and how; beside it what people will see. */
export default function ComposePage(): ReactNode {
  const start = useLocation().state as ComposeStart | null;
  const [draft, setDraft] = useState(() => (start ? draftFrom(start) : emptyDraft));
  const change: ChangeDraft = (part) => setDraft((known) => ({ ...known, ...part }));
  const [settled] = useDebouncedValue(draft, 200);
  const audience = audienceOf(settled);
  const size = useApiQuery(
    AudienceSizeDocument,
    { audience: audience ?? {} },
    { enabled: audience !== undefined, refreshMs: 15_000 },
  );
  const payload = usePayload(draft);
  // what is sent is the draft as it is now: a number that belongs to another audience is none
  const isOfDraft = isSameAudience(audience, audienceOf(draft));
  const count = audience && isOfDraft ? size.data?.audienceSize : undefined;
  return (
    <>
      <PageHeader title="Compose" about="A notification to browsers that have subscribed" />
      <div className="main-and-side">
        <Stack>
          <AudiencePanel draft={draft} change={change} size={size} count={count} />
          <Panel title="Content">
            <ContentFields draft={draft} change={change} />
          </Panel>
          <DeliveryFields draft={draft} change={change} />
        </Stack>
        <Stack className="preview-side">
          <PreviewPanel draft={draft} />
          <PayloadBudget payload={payload} />
          <SendBar draft={draft} count={count} fits={payload.fits} />
        </Stack>
      </div>
    </>
  );
}
