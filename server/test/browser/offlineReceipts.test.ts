/** Receipts that cannot be sent wait in the browser and are sent at the next occasion, whichever that is. */
import { until } from '../support/until';
import { chromiumPath } from './support/browserPaths';
import { type ChromiumWorker, startChromiumWorker } from './support/chromiumWorker';
import { type ClientSite, type GraphqlCall, startClientSite } from './support/clientSite';

const suite = chromiumPath ? describe : describe.skip;

type Network = 'up' | 'down' | 'unavailable' | 'refusing';

suite('Receipts while the API cannot be reached, in Chromium', () => {
  let site: ClientSite;
  let worker: ChromiumWorker;
  let network: Network = 'up';
  let taken: string[] = [];
  let tried: string[] = [];

  const answer = ({ variables }: GraphqlCall) => {
    const receipt = `${variables.token} ${variables.event}`;
    tried.push(receipt);
    if (network === 'down') return undefined;
    if (network === 'up') taken.push(receipt);
    const code = network === 'unavailable' ? 'UNAVAILABLE' : 'BAD_USER_INPUT';
    return network === 'up'
      ? { data: { recordReceipt: true } }
      : { errors: [{ message: 'no', extensions: { code } }] };
  };
  const push = async (token: string) => {
    const data = { fanfare: { receipt: token, url: `${site.origin}/graphql` } };
    const notification = { title: token, tag: token, navigate: 'https://shop.example/', data };
    await worker.push(JSON.stringify({ web_push: 8030, notification }));
  };
  /** Pushes one whose DISPLAYED receipt is tried in vain. */
  const pushInVain = async (token: string, trouble: Network = 'down') => {
    network = trouble;
    await push(token);
    await until(() => tried.includes(`${token} DISPLAYED`), 'the attempt');
    if (trouble !== 'refusing') {
      await until(async () => (await worker.kept()).includes(token), 'the kept receipt');
    }
    network = 'up';
  };
  const allTaken = (...receipts: string[]) =>
    until(() => receipts.every((receipt) => taken.includes(receipt)), `${receipts} taken, not ${taken}`);

  beforeAll(async () => {
    site = await startClientSite(answer);
    worker = await startChromiumWorker(chromiumPath, site.origin);
  });

  afterAll(async () => {
    await worker?.close();
    await site?.close();
  });

  beforeEach(async () => {
    network = 'up';
    taken = [];
    tried = [];
    await worker.clear();
  });

  it.each<Network>(['down', 'unavailable'])('go along with the next push: %s', async (trouble) => {
    await pushInVain(`a-${trouble}`, trouble);
    await pushInVain(`b-${trouble}`, trouble);
    await push(`c-${trouble}`);
    await allTaken(`a-${trouble} DISPLAYED`, `b-${trouble} DISPLAYED`);
    expect(taken).toEqual([`c-${trouble} DISPLAYED`, `a-${trouble} DISPLAYED`, `b-${trouble} DISPLAYED`]);
  });

  it('go along with the next click', async () => {
    await pushInVain('before-click');
    await worker.act('notificationclick');
    await allTaken('before-click CLICKED', 'before-click DISPLAYED');
  });

  it.each<[string, () => Promise<void>]>([
    ['when the browser says that the network is back', () => worker.sync('fanfare-receipts')],
    ['when a page calls sync', () => worker.syncPage()],
  ])('go %s', async (_, bringBack) => {
    await pushInVain('waiting');
    await bringBack();
    await allTaken('waiting DISPLAYED');
    expect(taken).toEqual(['waiting DISPLAYED']);
  });

  it('are sent once, and not again at the next push', async () => {
    await pushInVain('once');
    await push('second');
    await allTaken('once DISPLAYED');
    await push('third');
    await allTaken('third DISPLAYED');
    expect(taken).toEqual(['second DISPLAYED', 'once DISPLAYED', 'third DISPLAYED']);
  });

  it('are dropped when the API refuses them', async () => {
    await pushInVain('refused', 'refusing');
    await push('next');
    await push('last');
    await allTaken('next DISPLAYED', 'last DISPLAYED');
    expect(taken).toEqual(['next DISPLAYED', 'last DISPLAYED']);
  });

  // the last: the worker that the test speaks to is gone afterwards
  it('go when a new worker takes over', async () => {
    await pushInVain('left');
    await worker.update();
    await allTaken('left DISPLAYED');
    expect(taken).toEqual(['left DISPLAYED']);
  });
});
