import { settingFaults } from './settingFaults';

const refused = (path: unknown) => new Error('Too much.', { cause: { extensions: { path } } });

test.each<[string, Error | null, object]>([
  ['a setting', refused(['settings', 'subscriptionsMost']), { subscriptionsMost: 'Too much.' }],
  ['an entry of a list', refused(['input', 'settings', 'protectedTags', 1]), { protectedTags: 'Too much.' }],
  ['something else', refused(['settings', 'welcome', 'title']), {}],
  ['nothing', new Error('Too much.'), {}],
  ['no path', refused('settings'), {}],
  ['no error', null, {}],
])('a refusal of %s', (_name, error, faults) => {
  expect(settingFaults(error)).toEqual(faults);
});
