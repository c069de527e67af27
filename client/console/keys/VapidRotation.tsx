import { Progress, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { VapidKeysQuery } from '../graphql/operations';
import { asShare, inFull } from '../layout/words';

/** How far the browsers have moved to the newest key; nothing while there is no other live one. */
export function VapidRotation({ keys }: { keys: VapidKeysQuery['vapidKeys'] }): ReactNode {
  const [current, ...older] = keys.filter((key) => !key.retiredAt);
  if (!current || older.length === 0) return null;
  const moved = current.subscriptions;
  const left = older.reduce((sum, key) => sum + key.subscriptions, 0);
  const all = moved + left;
  return (
    <div>
      <Text size="sm" mb={6} data-testid="rotation">
        {left === 0
          ? 'The rotation is over: no browser uses an older key. Retire it.'
          : `Rotation: ${inFull(moved)} of ${inFull(all)} browsers moved (${asShare(moved, all)}), ${inFull(left)} to go at their next visit`}
      </Text>
      <Progress
        value={all === 0 ? 100 : (100 * moved) / all}
        aria-label="Browsers that moved to the newest key"
        mb="sm"
      />
    </div>
  );
}
