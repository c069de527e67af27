/** A web app that has installed @fanfare/client: types and builds as a customer would use them. */
import { createFanfare, type FanfareError, type FanfareState, type SoftPrompt } from '@fanfare/client';
import {
  FanfareProvider,
  SubscribeButton,
  type TagChoice,
  TagPreferences,
  useFanfare,
  usePushSubscription,
} from '@fanfare/client/react';
import { type ReactNode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import '@fanfare/client/react.css';

const fanfare = createFanfare({
  url: '/graphql',
  key: 'fp_test',
  getUserToken: async () => undefined,
  serviceWorker: { url: '/sw.js' },
});
const softPrompt: SoftPrompt = fanfare.softPrompt({ remindAfterDays: 7 });

const choices: TagChoice[] = [
  { tag: 'news', label: 'News' },
  { tag: 'offers', label: 'Offers', description: 'Once a week' },
];
const pace: TagChoice[] = [{ tag: 'weekly', label: 'Once a week at most' }];

function App(): ReactNode {
  const { state }: { state: FanfareState } = usePushSubscription();
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (state !== 'denied') softPrompt.shouldAsk().then(setAsking);
  }, [state]);
  return (
    <>
      <h1 data-state={state}>{isAsking ? 'May we tell you when it is ready?' : 'Welcome'}</h1>
      <SubscribeButton options={{ userId: 'ann', tags: ['customer', 'news'] }} />
      <TagPreferences choices={choices} />
      <TagPreferences choices={pace} texts={{ legend: 'How often' }} />
      <LogoutButton />
    </>
  );
}

function LogoutButton(): ReactNode {
  const { detach } = useFanfare();
  const [code, setCode] = useState('');
  const logOut = () => detach().catch((error: FanfareError) => setCode(error.code));
  return (
    <button type="button" id="logout" onClick={logOut}>
      Log out {code}
    </button>
  );
}

createRoot(document.getElementById('app') as HTMLElement).render(
  <FanfareProvider fanfare={fanfare}>
    <App />
  </FanfareProvider>,
);
