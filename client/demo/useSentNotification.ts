import { useEffect, useState } from 'react';
import type { ApiAddress } from '../sdk/requestGraphql';
import { readNotification, type SentNotification } from './sentNotification';

const POLL_EVERY_MS = 500;

/** Watches one notification by asking twice a second, until the id changes or the page goes. */
export function useSentNotification(api: ApiAddress, id: string | undefined): SentNotification | undefined {
  const [sent, setSent] = useState<SentNotification>();
  useEffect(() => {
    setSent(undefined);
    if (!id) return;
    const poll = async () => {
      const answer = await readNotification(api, id).catch(() => undefined);
      if (answer && !isOver) setSent(answer);
      if (!isOver) timer = setTimeout(poll, POLL_EVERY_MS);
    };
    let isOver = false;
    let timer = setTimeout(poll, 0);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api, id]);
  return sent;
}
