import { useCallback, useEffect, useRef, useState } from 'react';
import type { FanfareError, TagChange } from '../sdk/fanfare';
import { useFanfare } from './FanfareProvider';
import { useAttempt } from './useAttempt';
import { useFanfareState } from './useFanfareState';

/** This browser's tags. `error` is that of the last change, gone with the next one. */
export interface TagControls {
  tags: string[];
  isSubscribed: boolean;
  isPending: boolean;
  error: FanfareError | undefined;
  /**
   * Replaces all tags, shown at once; those that the API has are shown when nothing more is being changed. Resolves to
   * whether it worked.
   */
  setTags(tags: TagChange): Promise<boolean>;
}

/** The tags of this browser, as the API answered them last or as they are being changed. */
export function useTags(): TagControls {
  const fanfare = useFanfare();
  const state = useFanfareState(fanfare);
  const { isPending, error, attempt } = useAttempt();
  const [tags, setShown] = useState<string[]>([]);
  const waiting = useRef(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another state may have brought other tags
  useEffect(() => {
    let isOver = false;
    fanfare.getTags().then(
      (known) => !isOver && waiting.current === 0 && setShown(known),
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [fanfare, state]);

  const setTags = useCallback(
    async (wanted: TagChange) => {
      waiting.current += 1;
      setShown(wanted);
      const isDone = await attempt(() => fanfare.setTags(wanted));
      const known = await fanfare.getTags().catch(() => []);
      waiting.current -= 1;
      // a later change, made of what was shown, brings the tags of this one along
      if (waiting.current === 0) setShown(known);
      return isDone;
    },
    [attempt, fanfare],
  );
  return { tags, isSubscribed: state === 'subscribed', isPending, error, setTags };
}
