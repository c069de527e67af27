/** The public names of the React part: what `@fanfare/client/react` gives. */
export { FanfareProvider, type FanfareProviderProps, useFanfare } from './FanfareProvider';
export { SubscribeButton, type SubscribeButtonProps, type SubscribeButtonTexts } from './SubscribeButton';
export {
  type TagChoice,
  TagPreferences,
  type TagPreferencesProps,
  type TagPreferencesTexts,
} from './TagPreferences';
export { type PushSubscriptionControls, usePushSubscription } from './usePushSubscription';
export { type TagControls, useTags } from './useTags';
