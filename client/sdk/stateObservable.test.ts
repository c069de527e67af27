import { createStateObservable } from './stateObservable';

describe('createStateObservable', () => {
  it('tells listeners of changes only, until they stop', () => {
    const state = createStateObservable('prompt');
    const heard: string[] = [];
    const stop = state.subscribe(() => heard.push(state.get()));
    for (const next of ['prompt', 'subscribed', 'subscribed', 'unsubscribed']) state.set(next);
    stop();
    state.set('denied');
    expect(heard).toEqual(['subscribed', 'unsubscribed']);
    expect(state.get()).toBe('denied');
  });

  it('tells the others too when a listener throws, and reports it as browsers do', () => {
    const reported: unknown[] = [];
    globalThis.reportError = (error) => reported.push(error);
    const state = createStateObservable('prompt');
    const heard: string[] = [];
    const fault = new Error('of the page');
    state.subscribe(() => {
      throw fault;
    });
    state.subscribe((next) => heard.push(next));
    state.set('subscribed');
    expect([heard, reported]).toEqual([['subscribed'], [fault]]);
    Reflect.deleteProperty(globalThis, 'reportError');
  });
});
