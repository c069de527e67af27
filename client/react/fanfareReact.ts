/** The public names of the React hooks: what `@fanfare/client/react` gives. */
export { FanfareProvider, useFanfare } from './FanfareProvider';
export { type PushSubscriptionControls, usePushSubscription } from './usePushSubscription';
