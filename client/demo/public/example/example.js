// A whole page with Fanfare and no build step: an offer, a switch, and a sentence for each state.
import { createFanfare } from '../../sdk/fanfare.js';

// on your own page: the address of your server's /graphql and your publishable key
const config = await fetch('../config.json');
const { url, key } = await config.json();
const serviceWorker = { url: '../../sdk/fanfare-sw.js' };
const fanfare = createFanfare({ url: new URL(url, config.url).href, key, serviceWorker });
const prompt = fanfare.softPrompt({ remindAfterDays: 14 });
const [offer, yes, later, toggle, advice] = ['offer', 'yes', 'later', 'switch', 'advice'].map((id) =>
  document.getElementById(id),
);

const sentences = {
  unsupported: 'This browser cannot show notifications.',
  'needs-install': 'Add this page to your Home Screen to get notifications.',
  denied: 'Notifications are blocked: allow them in the site settings beside the address.',
  subscribed: 'We will tell you.',
};

async function show(state, error) {
  toggle.disabled = !['prompt', 'unsubscribed', 'subscribed'].includes(state);
  toggle.checked = state === 'subscribed';
  offer.hidden = !(await prompt.shouldAsk());
  advice.textContent = error ? `That did not work (${error.code}).` : (sentences[state] ?? '');
}

const attempt = (act) => act.then(() => show(fanfare.state)).catch((error) => show(fanfare.state, error));
const turnOn = () => attempt(fanfare.subscribe({ tags: ['bread'] }));

yes.onclick = turnOn;
toggle.onchange = () => (toggle.checked ? turnOn() : attempt(fanfare.unsubscribe()));
later.onclick = () => {
  prompt.dismiss();
  show(fanfare.state);
};
fanfare.subscribeToState((state) => show(state));
attempt(fanfare.sync());
