import { readConfig } from '../config';
import { settingNotes } from './settingNotes';

const production = { NODE_ENV: 'production', FANFARE_VAPID_SUBJECT: 'mailto:ops@example.com' };
const local = expect.stringContaining('set FANFARE_PUBLIC_URL');
const demo = expect.stringContaining('the demo page and its secret key are open');

test.each([
  ['production without a public address', production, [local]],
  ['production with a local one', { ...production, FANFARE_PUBLIC_URL: 'http://127.0.0.1:4000/' }, [local]],
  ['production with a public one', { ...production, FANFARE_PUBLIC_URL: 'https://push.example.com' }, []],
  ['development', {}, [demo]],
  ['a proxy', { HTTPS_PROXY: 'http://proxy' }, [demo, expect.stringContaining('HTTPS_PROXY')]],
])('what is said of %s', (_what, env, notes) => {
  expect(settingNotes(readConfig(env))).toEqual(notes);
});
