import { SegmentedControl, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Panel } from '../layout/Panel';
import type { Draft } from './draft';
import { PreviewCard } from './PreviewCard';
import { type Platform, platforms } from './platforms';
import './preview.css';

/** What people will see, platform by platform. */
export function PreviewPanel({ draft }: { draft: Draft }): ReactNode {
  const [name, setName] = useState<Platform['name']>('windows');
  const platform = platforms.find((each) => each.name === name) ?? platforms[0];
  return (
    <Panel title="Preview">
      <SegmentedControl
        aria-label="Platform"
        fullWidth
        size="xs"
        mb="sm"
        value={name}
        onChange={(value) => setName(value as Platform['name'])}
        data={platforms.map((each) => ({ value: each.name, label: each.short }))}
      />
      <div className="preview-stage" data-platform={name}>
        <PreviewCard draft={draft} platform={platform} />
      </div>
      <Text size="xs" c="dimmed" mt="xs">
        {platform.label}. {platform.note}
      </Text>
    </Panel>
  );
}
