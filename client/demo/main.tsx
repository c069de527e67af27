/**
 * The demo page: /demo/config.json enters (keys of a development server), one browser subscribes, sends to itself and
 * watches what becomes of it. Fails visibly when the server is not in development mode. Called by people and browser
 * tests.
 */
import { createRoot } from 'react-dom/client';
import { FanfareProvider } from '../react/FanfareProvider';
import { createFanfare } from '../sdk/fanfare';
import { DemoPage } from './DemoPage';
import { readDemoConfig } from './demoConfig';

const root = createRoot(document.getElementById('app') as HTMLElement);

readDemoConfig().then(
  (config) => {
    const serviceWorker = { url: '../sdk/fanfare-sw.js' };
    const fanfare = createFanfare({ url: config.url, key: config.key, serviceWorker });
    root.render(
      <FanfareProvider fanfare={fanfare}>
        <DemoPage config={config} />
      </FanfareProvider>,
    );
  },
  (error: Error) => root.render(<p className="refusal">{error.message}</p>),
);
