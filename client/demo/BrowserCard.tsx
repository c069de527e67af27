import type { ReactNode } from 'react';
import { usePushSubscription } from '../react/usePushSubscription';
import type { FanfareState } from '../sdk/fanfare';

const ADVICE: Record<FanfareState, string> = {
  unsupported: 'This browser has no Web Push, or the page is not served over https or from localhost.',
  'needs-install': 'On iPhone and iPad: Share, Add to Home Screen, then open the page from there.',
  prompt: 'Press Subscribe and allow notifications when the browser asks.',
  denied: 'Notifications are blocked here. Allow them in the site settings beside the address.',
  subscribed: 'This browser is registered and receives what is sent to its user.',
  unsubscribed: 'Allowed, but not registered yet.',
};

/** Step one: who sits here, and the switch. */
export function BrowserCard(props: { userId: string; onUserId: (userId: string) => void }): ReactNode {
  const { userId, onUserId } = props;
  const { state, isPending, error, subscribe, unsubscribe } = usePushSubscription();
  return (
    <section>
      <h2>
        This browser{' '}
        <span id="state" data-testid="state" data-state={state} className="chip">
          {state}
        </span>
      </h2>
      <p className="hint">{ADVICE[state]}</p>
      <label>
        User
        <input
          id="user"
          data-testid="user"
          value={userId}
          onChange={(event) => onUserId(event.target.value)}
        />
      </label>
      <div className="buttons">
        <button
          type="button"
          id="subscribe"
          data-testid="subscribe"
          className="primary"
          disabled={isPending || userId === ''}
          onClick={() => subscribe({ userId, tags: ['demo'] })}
        >
          {isPending ? 'Working…' : 'Subscribe'}
        </button>
        <button
          type="button"
          id="unsubscribe"
          data-testid="unsubscribe"
          disabled={isPending || state !== 'subscribed'}
          onClick={unsubscribe}
        >
          Unsubscribe
        </button>
      </div>
      {error && (
        <p role="alert" id="error" data-testid="error" className="error">
          <code>{error.code}</code> {error.message}
        </p>
      )}
    </section>
  );
}
