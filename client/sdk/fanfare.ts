/** The public names of the SDK: what `import … from '/sdk/fanfare.js'` gives. */
export { createFanfare, type Fanfare, type FanfareOptions, type TagChange } from './createFanfare';
export { FanfareError, type FanfareErrorCode } from './fanfareError';
export type { FanfareState } from './fanfareState';
export type { SubscribeOptions, SubscribeResult } from './renewSubscription';
export type { SoftPrompt, SoftPromptOptions } from './softPrompt';
