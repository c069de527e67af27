import { type ReactNode, useId } from 'react';
import type { FanfareError, FanfareState, SubscribeOptions } from '../sdk/fanfare';
import { usePushSubscription } from './usePushSubscription';

/** All that the button says. */
export interface SubscribeButtonTexts {
  subscribe: string;
  unsubscribe: string;
  pending: string;
  /** A sentence beside the button for each state; an empty one is left out. */
  advice: Record<FanfareState, string>;
  error(error: FanfareError): string;
}

/** Props of SubscribeButton; `texts` replaces the English ones it names. */
export interface SubscribeButtonProps {
  /** Handed to `subscribe`: user, tags, locale, time zone. */
  options?: SubscribeOptions;
  texts?: Partial<SubscribeButtonTexts>;
  /** In place of `fanfare-subscribe`, which the optional style sheet styles. */
  className?: string;
}

const english: SubscribeButtonTexts = {
  subscribe: 'Turn on notifications',
  unsubscribe: 'Turn off notifications',
  pending: 'One moment…',
  advice: {
    unsupported: 'This browser cannot show notifications from websites.',
    'needs-install': 'To get notifications here, add this page to your Home Screen and open it from there.',
    prompt: '',
    denied: 'Notifications are blocked. You can allow them in the site settings of your browser.',
    subscribed: 'Notifications are on.',
    unsubscribed: '',
  },
  error: ({ code }) => reasons.get(code) ?? `That did not work (${code}). Please try again.`,
};

const reasons = new Map(
  Object.entries({
    PERMISSION_DISMISSED: 'The question was closed without an answer. Please try again.',
    PUSH_SERVICE_UNREACHABLE: "Your browser's push service cannot be reached. Please try again later.",
    NETWORK: 'We cannot be reached. Please check your connection.',
    UNAVAILABLE: 'We cannot be reached. Please try again later.',
  }),
);

/**
 * A switch for this browser's notifications, with a sentence for each state. Where nobody can press anything (no
 * Web Push, not installed, blocked) there is the sentence alone. Keyboard focus stays on the button while it works.
 */
export function SubscribeButton(props: SubscribeButtonProps): ReactNode {
  const { options, texts, className = 'fanfare-subscribe' } = props;
  const { state, isPending, error, subscribe, unsubscribe } = usePushSubscription();
  const adviceId = useId();
  const text = { ...english, ...texts };
  const isSubscribed = state === 'subscribed';
  const canAct = isSubscribed || state === 'prompt' || state === 'unsubscribed';
  const press = () => (isSubscribed ? unsubscribe() : subscribe(options));
  return (
    <div className={className} data-state={state}>
      {canAct && (
        <button
          type="button"
          aria-disabled={isPending}
          aria-busy={isPending}
          aria-describedby={adviceId}
          onClick={isPending ? undefined : press}
        >
          {isPending ? text.pending : isSubscribed ? text.unsubscribe : text.subscribe}
        </button>
      )}
      <p id={adviceId} role="status">
        {text.advice[state]}
      </p>
      {error && canAct && (
        <p role="alert" data-code={error.code}>
          {text.error(error)}
        </p>
      )}
    </div>
  );
}
