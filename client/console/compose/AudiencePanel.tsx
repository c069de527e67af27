import { Group, SegmentedControl, SimpleGrid, Stack, TagsInput, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AudienceSizeQuery } from '../graphql/operations';
import { Panel } from '../layout/Panel';
import { RetryButton } from '../layout/QueryView';
import { inFull } from '../layout/words';
import { type AudienceKind, audienceOf, type ChangeDraft, type Draft } from './draft';

interface AudiencePanelProps {
  readonly draft: Draft;
  readonly change: ChangeDraft;
  readonly size: UseQueryResult<AudienceSizeQuery, Error>;
  readonly count: number | undefined;
}

/** Whom it is for, with how many browsers that are at this moment. */
export function AudiencePanel({ draft, change, size, count }: AudiencePanelProps): ReactNode {
  const kinds: { value: AudienceKind; label: string }[] = [
    { value: 'tags', label: 'By tags' },
    { value: 'users', label: 'Users' },
    { value: 'everyone', label: 'Everyone' },
    ...(draft.failedOf ? [{ value: 'failed' as const, label: 'Who failed' }] : []),
  ];
  return (
    <Panel title="Audience" aside={<Count draft={draft} size={size} count={count} />}>
      <Stack>
        <SegmentedControl
          aria-label="Audience"
          fullWidth
          data={kinds}
          value={draft.audienceKind}
          onChange={(value) => change({ audienceKind: value as AudienceKind })}
        />
        <AudienceFields draft={draft} change={change} />
      </Stack>
    </Panel>
  );
}

function Count({ draft, size, count }: Pick<AudiencePanelProps, 'draft' | 'size' | 'count'>): ReactNode {
  const waiting = audienceOf(draft) ? 'counting …' : 'nobody yet';
  const words = size.error
    ? size.error.message
    : count === undefined
      ? waiting
      : `reaches ${inFull(count)} ${count === 1 ? 'browser' : 'browsers'}`;
  return (
    <Group gap="xs">
      <Text size="sm" fw={600} role="status" data-testid="audience-size" c={size.error ? 'red' : undefined}>
        {words}
      </Text>
      {size.error && <RetryButton retry={size.refetch} />}
    </Group>
  );
}

function AudienceFields({ draft, change }: Pick<AudiencePanelProps, 'draft' | 'change'>): ReactNode {
  if (draft.audienceKind === 'everyone') {
    return <Text size="sm">Every browser that has subscribed to this application.</Text>;
  }
  if (draft.audienceKind === 'failed') {
    return (
      <Text size="sm">
        Everybody whose delivery of <code>{draft.failedOf}</code> was rejected, expired or exhausted, and who
        can still be reached.
      </Text>
    );
  }
  if (draft.audienceKind === 'users') {
    return (
      <TagsInput
        label="User ids"
        description="Every browser of these users; Enter adds one"
        value={[...draft.userIds]}
        onChange={(userIds) => change({ userIds })}
        splitChars={[',', ' ', '\n']}
        acceptValueOnBlur
      />
    );
  }
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
      {(
        [
          ['anyOf', 'Tagged with any of'],
          ['allOf', 'and with all of'],
          ['noneOf', 'but with none of'],
        ] as const
      ).map(([name, label]) => (
        <TagsInput
          key={name}
          label={label}
          value={[...draft[name]]}
          onChange={(tags) => change({ [name]: tags })}
          splitChars={[',', '\n']}
          acceptValueOnBlur
        />
      ))}
    </SimpleGrid>
  );
}
