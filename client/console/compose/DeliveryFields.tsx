import { Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { readLocalTime } from '../content/readFields';
import type { Urgency } from '../graphql/operations';
import { Panel } from '../layout/Panel';
import { asDuration } from '../layout/words';
import type { ChangeDraft, Draft } from './draft';

const lifetimes = [0, 300, 3_600, 21_600, 86_400, 259_200, 604_800, 2_419_200];

const urgencies: { value: Urgency; label: string }[] = [
  { value: 'VERY_LOW', label: 'Very low: on power and Wi-Fi' },
  { value: 'LOW', label: 'Low: on power or Wi-Fi' },
  { value: 'NORMAL', label: 'Normal' },
  { value: 'HIGH', label: 'High: wakes on low battery' },
];

/** How it travels: for how long, how urgently, when. */
export function DeliveryFields({ draft, change }: { draft: Draft; change: ChangeDraft }): ReactNode {
  return (
    <Panel title="Delivery">
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="Time to live"
            description="How long push services keep it for a browser that is away"
            allowDeselect={false}
            data={lifetimesWith(draft.ttlSeconds).map((seconds) => ({
              value: String(seconds),
              label: seconds === 0 ? 'Now or never' : asDuration(seconds),
            }))}
            value={String(draft.ttlSeconds)}
            onChange={(value) => change({ ttlSeconds: Number(value) })}
          />
          <Select
            label="Urgency"
            description="How much it matters next to the battery"
            allowDeselect={false}
            data={urgencies}
            value={draft.urgency}
            onChange={(value) => change({ urgency: value as Urgency })}
          />
          <TextInput
            label="Topic"
            description="A newer one replaces an older one still on its way"
            value={draft.topic}
            maxLength={255}
            onChange={(event) => change({ topic: event.currentTarget.value })}
          />
          <TextInput
            label="Send at"
            description="In your own time zone; empty means now"
            type="datetime-local"
            max="9999-12-31T23:59"
            error={readLocalTime(draft.sendAt) === null && 'There is no such time'}
            value={draft.sendAt}
            onChange={(event) => change({ sendAt: event.currentTarget.value })}
          />
        </SimpleGrid>
      </Stack>
    </Panel>
  );
}

/** The ones to choose from, and the one of a notification that is used as a draft. */
function lifetimesWith(seconds: number): number[] {
  return [...new Set([...lifetimes, seconds])].sort((a, b) => a - b);
}
