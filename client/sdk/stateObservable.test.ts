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
});
