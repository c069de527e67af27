import { SegmentedControl, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { Panel } from '../layout/Panel';
import type { ContentDraft } from './contentDraft';
import { PreviewCard } from './previews/PreviewCard';
import { type Platform, platforms } from './previews/platforms';
import { previewContent, withoutEffect } from './previews/previewContent';
import './previews/previews.css';
import './previews/platforms.css';

/** What people will see, platform by platform. */
export function PreviewPanel({ draft }: { draft: ContentDraft }): ReactNode {
  const [name, setName] = useState<Platform['name']>('windows');
  const platform = platforms.find((each) => each.name === name) ?? platforms[0];
  // half a typed address would be asked of whatever host it names
  const [{ icon, image, badge }] = useDebouncedValue(draft, 600);
  const without = withoutEffect(draft, platform);
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
        <PreviewCard
          content={previewContent({ ...draft, icon, image, badge }, platform)}
          platform={platform}
        />
      </div>
      <Text size="xs" c="dimmed" mt="xs" data-testid="preview-note">
        {platform.label}. {platform.note}
        {without.length > 0 && ` Without effect here: ${without.join(', ')}.`}
      </Text>
    </Panel>
  );
}
