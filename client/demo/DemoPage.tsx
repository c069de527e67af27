import { type ReactNode, useMemo, useState } from 'react';
import { BrowserCard } from './BrowserCard';
import type { DemoConfig } from './demoConfig';
import { ProgressCard } from './ProgressCard';
import { SendCard } from './SendCard';
import { useSentNotification } from './useSentNotification';

/** Three steps on one page: subscribe this browser, send to its user, watch the notification. */
export function DemoPage({ config }: { config: DemoConfig }): ReactNode {
  const api = useMemo(() => ({ url: config.url, key: config.sendKey }), [config]);
  const [userId, setUserId] = useState('demo');
  const [sentId, setSentId] = useState<string>();
  const sent = useSentNotification(api, sentId);
  return (
    <main>
      <header>
        <img src="./icon.svg" alt="" width="44" height="44" />
        <div>
          <h1>Fanfare</h1>
          <p>Subscribe this browser, send it a notification, watch what becomes of it.</p>
        </div>
      </header>
      <BrowserCard userId={userId} onUserId={setUserId} />
      <SendCard api={api} userId={userId} onSent={setSentId} />
      <ProgressCard id={sentId} sent={sent} />
      <footer>
        <a href="../playground/">GraphQL playground</a>
        <a href="./example/">The same in 60 lines</a>
      </footer>
    </main>
  );
}
