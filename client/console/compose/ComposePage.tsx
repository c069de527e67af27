import { Button, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { ContentFields } from '../content/ContentFields';
import { PayloadBudget } from '../content/PayloadBudget';
import { PreviewPanel } from '../content/PreviewPanel';
import { usePayload } from '../content/usePayload';
import { AudienceSizeDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageHeader } from '../layout/PageHeader';
import { Panel } from '../layout/Panel';
import { useConfirm } from '../layout/useConfirm';
import { AudiencePanel } from './AudiencePanel';
import { DeliveryFields } from './DeliveryFields';
import { audienceOf, isEmptyDraft, isSameAudience } from './draft';
import { SendBar } from './SendBar';
import { useDraft } from './useDraft';
import '../content/preview.css';

/** Writes a notification: whom, what and how; beside it what people will see. */
export default function ComposePage(): ReactNode {
  const written = useDraft();
  const { draft, change } = written;
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
      <PageHeader title="Compose" about="A notification to browsers that have subscribed">
        {!isEmptyDraft(draft) && <ClearButton clear={written.clear} />}
      </PageHeader>
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
          <SendBar written={written} count={count} payload={payload} />
        </Stack>
      </div>
    </>
  );
}

function ClearButton({ clear }: { clear: () => void }): ReactNode {
  const { ask, dialog } = useConfirm({
    title: 'Throw this draft away?',
    text: 'Everything that is written here is cleared. Otherwise it stays in this tab until it is sent.',
    act: 'Throw it away',
    dangerous: true,
    onConfirm: clear,
  });
  return (
    <>
      {dialog}
      <Button variant="default" onClick={ask}>
        Clear
      </Button>
    </>
  );
}
