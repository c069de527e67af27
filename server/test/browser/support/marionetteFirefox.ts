import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnProcess } from '../../support/process/ownProcess';
import { until } from '../../support/until';
import { firefoxPreferences, stayLocal } from './firefoxPreferences';
import { Marionette } from './marionette';

/** A notification as `registration.getNotifications()` shows it. */
export interface ShownNotification {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
}

/** A notification as it stands on the person's screen: Firefox's own window, which cuts a long text. */
export interface ShownAlert {
  readonly handle: string;
  readonly title: string;
  readonly text: string;
}

const elementKey = 'element-6066-11e4-a52e-4f735466cecf';
const startTimeoutMs = 60_000;

/** A headless Firefox whose pages and notifications a test can read and click as a person does. */
export class MarionetteFirefox {
  private constructor(
    private readonly own: OwnProcess,
    private readonly profile: string,
    private readonly marionette: Marionette,
  ) {}

  /** Starts it in a throw-away profile with one empty tab; its push connection opens a moment later. */
  static async start(executablePath: string, pushServiceUrl: string): Promise<MarionetteFirefox> {
    const profile = mkdtempSync(join(tmpdir(), 'fanfare-firefox-'));
    const preferences = {
      ...firefoxPreferences(pushServiceUrl),
      // any free port, which Firefox writes into its profile
      'marionette.port': 0,
      // alerts that wait for the test, however slow the machine
      'dom.webnotifications.requireinteraction.enabled': true,
    };
    const lines = Object.entries(preferences).map(
      (entry) => `user_pref(${JSON.stringify(entry).slice(1, -1)});`,
    );
    writeFileSync(join(profile, 'user.js'), lines.join('\n'));
    const args = ['--headless', '--no-remote', '--marionette', '--remote-allow-system-access'];
    const env = { ...process.env, ...stayLocal };
    const own = new OwnProcess(executablePath, [...args, '--profile', profile, 'about:blank'], env);
    const port = await until(() => readPort(profile, own), 'the port of Marionette', startTimeoutMs);
    const firefox = new MarionetteFirefox(own, profile, await Marionette.connect(port));
    await firefox.marionette.call('WebDriver:NewSession');
    return firefox;
  }

  open(url: string): Promise<void> {
    return this.marionette.call('WebDriver:Navigate', { url });
  }

  async click(selector: string): Promise<void> {
    await this.marionette.call('WebDriver:ElementClick', { id: await this.find(selector) });
  }

  async fill(selector: string, text: string): Promise<void> {
    const id = await this.find(selector);
    await this.marionette.call('WebDriver:ElementClear', { id });
    await this.marionette.call('WebDriver:ElementSendKeys', { id, text });
  }

  /** Resolves when the page has such an element. */
  async waitFor(selector: string): Promise<void> {
    const script = 'return document.querySelector(arguments[0]) !== null';
    await until(() => this.run(script, [selector]), `${selector} in the page`, 30_000);
  }

  /** @returns what the body of an async function gives in the page, as JSON */
  async evaluate<Result>(body: string): Promise<Result> {
    const script = `const done = arguments[arguments.length - 1];
      (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    type Answer = { value: { value: Result; error?: string } };
    const { value } = await this.marionette.call<Answer>('WebDriver:ExecuteAsyncScript', {
      script,
      args: [],
    });
    if (value.error) throw new Error(value.error);
    return value.value;
  }

  /** What the service worker of this scope shows now; the page must be of its origin. */
  shown(scope: string): Promise<ShownNotification[]> {
    return this.evaluate(`
      const registration = await navigator.serviceWorker.getRegistration(${JSON.stringify(scope)});
      const all = await registration.getNotifications();
      return all.map(({ title, body, tag }) => ({ title, body, tag }));`);
  }

  /** The addresses of the open tabs; the one in use stays in use. */
  async tabs(): Promise<string[]> {
    const current = await this.currentTab();
    const urls: string[] = [];
    for (const handle of await this.marionette.call<string[]>('WebDriver:GetWindowHandles')) {
      await this.use(handle);
      urls.push((await this.marionette.call<{ value: string }>('WebDriver:GetCurrentURL')).value);
    }
    await this.use(current);
    return urls;
  }

  /** Closes the tab in use; an empty one is there instead, so that the browser stays open. */
  async closeTab(): Promise<void> {
    const { handle } = await this.marionette.call<{ handle: string }>('WebDriver:NewWindow', { type: 'tab' });
    await this.marionette.call('WebDriver:CloseWindow');
    await this.use(handle);
  }

  alerts(): Promise<ShownAlert[]> {
    return this.amongWindows(() => this.readAlerts());
  }

  /** Clicks the text of the alert with this title, once it is there. */
  clickAlert(title: string): Promise<void> {
    return this.clickInAlert(title, '#alertTextLabel');
  }

  /** Clicks the cross of the alert with this title, once it is there. */
  closeAlert(title: string): Promise<void> {
    return this.clickInAlert(title, '#alert-close');
  }

  async stop(): Promise<void> {
    await this.marionette.call('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => undefined);
    this.marionette.close();
    await this.own.end('SIGKILL');
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private clickInAlert(title: string, selector: string): Promise<void> {
    return this.amongWindows(async () => {
      const find = async () => (await this.readAlerts()).find((alert) => alert.title === title);
      const { handle } = await until(find, `an alert "${title}"`);
      await this.use(handle);
      await this.click(selector);
    });
  }

  /** In the browser's own windows instead of its pages. */
  private async amongWindows<Result>(act: () => Promise<Result>): Promise<Result> {
    const tab = await this.currentTab();
    await this.marionette.call('Marionette:SetContext', { value: 'chrome' });
    try {
      return await act();
    } finally {
      await this.marionette.call('Marionette:SetContext', { value: 'content' });
      await this.use(tab);
    }
  }

  private async readAlerts(): Promise<ShownAlert[]> {
    const alerts: ShownAlert[] = [];
    for (const handle of await this.marionette.call<string[]>('WebDriver:GetWindowHandles')) {
      // a window may close while the others are read
      const alert = await this.readAlert(handle).catch(() => undefined);
      if (alert) alerts.push(alert);
    }
    return alerts;
  }

  private async readAlert(handle: string): Promise<ShownAlert | undefined> {
    await this.use(handle);
    const script = `const title = document.getElementById('alertTitleLabel');
      return title && { title: title.value, text: document.getElementById('alertTextLabel').textContent };`;
    const alert = await this.run<Omit<ShownAlert, 'handle'> | null>(script);
    return alert ? { handle, ...alert } : undefined;
  }

  private async currentTab(): Promise<string> {
    return (await this.marionette.call<{ value: string }>('WebDriver:GetWindowHandle')).value;
  }

  private use(handle: string): Promise<void> {
    return this.marionette.call('WebDriver:SwitchToWindow', { handle, focus: false });
  }

  private async find(selector: string): Promise<string> {
    const found = await this.marionette.call<{ value: Record<string, string> }>('WebDriver:FindElement', {
      using: 'css selector',
      value: selector,
    });
    return found.value[elementKey] ?? '';
  }

  private async run<Result>(script: string, args: readonly unknown[] = []): Promise<Result> {
    return (await this.marionette.call<{ value: Result }>('WebDriver:ExecuteScript', { script, args })).value;
  }
}

function readPort(profile: string, own: OwnProcess): number | undefined {
  if (!own.running) throw new Error(`Firefox ended: ${own.lastOutput}`);
  try {
    return Number(readFileSync(join(profile, 'MarionetteActivePort'), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}
