import { GraphQLError, graphqlSync } from 'graphql';
import { Refusal } from '../model/refusal';
import type { Log } from '../observe/log';
import { silentLog } from '../observe/log';
import { formatError } from './formatError';
import { buildFanfareSchema } from './schema';

const schema = buildFanfareSchema();

function faultsOf(source: string, variableValues: Record<string, unknown> = {}) {
  const { errors = [] } = graphqlSync({ schema, source, variableValues });
  return errors.map((error) => formatError(error, silentLog));
}

const send = 'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { replayed } }';
const audience = { everyone: true };

describe('errors as callers see them', () => {
  test('a refusal keeps its code, words and path, through every wrapping', () => {
    const refusal = new Refusal('FORBIDDEN', 'No.', ['input', 'userId']);
    const wrapped = new GraphQLError('x', {
      path: ['subscribe'],
      originalError: new GraphQLError('y', { originalError: refusal }),
    });
    const expected = { message: 'No.', extensions: { code: 'FORBIDDEN', path: ['input', 'userId'] } };
    expect(formatError(refusal, silentLog)).toEqual(expected);
    expect(formatError(wrapped, silentLog)).toEqual({ ...expected, path: ['subscribe'] });
  });

  test.each<[string, Record<string, unknown>, string, (string | number)[]]>([
    [
      'a missing field',
      { audience, content: {} },
      'Field "title" of required type "String!" was not provided.',
      ['input', 'content'],
    ],
    [
      'another type',
      { audience, content: { title: 5 } },
      'String cannot represent a non string value.',
      ['input', 'content', 'title'],
    ],
    [
      'an index',
      { audience, content: { title: 'x', vibrate: [1, 1.5] } },
      'Int cannot represent non-integer value.',
      ['input', 'content', 'vibrate', 1],
    ],
    [
      'a DateTime',
      { audience, content: { title: 'x' }, sendAt: 'soon' },
      'DateTime must be an existing date and time in RFC 3339 with a zone, for example 2026-01-31T09:30:00Z.',
      ['input', 'sendAt'],
    ],
  ])('a wrong variable is named by its path: %s', (_name, input, message, path) => {
    const [fault] = faultsOf(send, { input });
    expect(fault).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT', path } });
  });

  test('a variable that is wrong as a whole', () => {
    const [fault] = faultsOf(send, { input: 'at "here"; Field' });
    expect(fault?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: ['input'] });
  });

  test('the value of a wrong variable is not repeated', () => {
    const secret = 'BTBZMqHH6r4Tts7J_aSIgg';
    const subscription = { endpoint: 'https://push.example.org/x', keys: { auth: secret } };
    const source = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }';
    const faults = faultsOf(source, { input: { subscription } });
    expect(faults).toHaveLength(1);
    expect(JSON.stringify(faults)).not.toContain(secret);
  });

  const receipt =
    'mutation ($token: String!, $event: ReceiptEvent!) { recordReceipt(token: $token, event: $event) }';
  const secret = 'BTBZMqHH6r4Tts7J_aSIgg';

  test.each<[string, string, Record<string, unknown>, (string | number)[] | undefined]>([
    ['an enum value', receipt, { token: 'x', event: secret }, ['event']],
    ['an enum of another type', receipt, { token: 'x', event: { a: secret } }, ['event']],
    ['a list for a text', receipt, { token: [secret, secret], event: 'OPENED' }, ['token']],
    ['a key', send, { input: { audience, content: { title: 'x' }, [`${secret} at "a"`]: 1 } }, ['input']],
    [
      'a path within a key',
      send,
      { input: { audience: { ' at "b.c"': secret }, content: { title: 'x' } } },
      ['input', 'audience'],
    ],
    [
      'a DateTime',
      send,
      { input: { audience, content: { title: 'x' }, sendAt: secret } },
      ['input', 'sendAt'],
    ],
    [
      'an object',
      send,
      { input: { audience, content: { title: 'x', data: secret } } },
      ['input', 'content', 'data'],
    ],
    ['a literal of another type', `{ vapidPublicKey(a: "${secret}") }`, {}, undefined],
    ['a literal enum', `{ notifications(status: "${secret}") { edges { cursor } } }`, {}, undefined],
    ['a literal number', `{ notifications(first: "${secret}") { edges { cursor } } }`, {}, undefined],
    ['a literal object', `{ audienceSize(audience: "${secret}") }`, {}, undefined],
    ['a text where none belongs', `{ "${secret}" }`, {}, undefined],
    ['a text instead of a name', `{ vapidPublicKey("${secret}") }`, {}, undefined],
  ])('a value of the caller is not repeated: %s', (_what, source, variables, path) => {
    const faults = faultsOf(source, variables);
    expect(faults.length).toBeGreaterThan(0);
    expect(JSON.stringify(faults)).not.toContain(secret);
    expect(faults[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', ...(path && { path }) });
  });

  test.each([
    ['a value', receipt, { token: 'x', event: 'x'.repeat(250_000) }],
    ['a key', send, { input: { ['x'.repeat(250_000)]: 1 } }],
    ['a name', `{ ${'x'.repeat(250_000)} }`, {}],
    ['a variable', `query ($${'x'.repeat(250_000)}: Int!) { vapidPublicKey }`, {}],
    ['a literal', `{ notifications(status: ${'x'.repeat(250_000)}) { edges { cursor } } }`, {}],
  ])('the answer to %s of 250 kB is short', (_what, source, variables) => {
    const faults = faultsOf(source, variables);
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) expect(JSON.stringify(fault).length).toBeLessThan(700);
  });

  test('names that resemble a wrong one are cut off', () => {
    const fault = formatError(new GraphQLError('Field "a" is not defined. Did you mean "b"?'), silentLog);
    expect(fault.message).toBe('Field "a" is not defined.');
  });

  test.each(['{', '{ nonsense }', 'query ($a: Nonsense) { vapidPublicKey }', '{ notification { id } }'])(
    'a document at fault: %s',
    (source) => {
      expect(faultsOf(source)[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
    },
  );

  test.each([
    ['a lost connection', Object.assign(new Error('secret'), { code: 'PROTOCOL_CONNECTION_LOST' })],
    ['a refused connection', { driverError: { code: 'ECONNREFUSED' }, message: 'secret' }],
  ])('%s is unavailability', (_name, error) => {
    const fault = formatError(error, silentLog);
    expect(fault.extensions).toEqual({ code: 'UNAVAILABLE' });
    expect(JSON.stringify(fault)).not.toContain('secret');
  });

  test('what nobody foresaw is logged once, under the reference that is answered', () => {
    const error = jest.fn();
    const bug = new TypeError('secret detail');
    const fault = formatError(new GraphQLError('x', { originalError: bug }), {
      ...silentLog,
      error,
    } as unknown as Log);
    expect(fault.extensions).toEqual({ code: 'UNAVAILABLE' });
    const reference = /reference ([0-9a-f-]{36})/.exec(fault.message)?.[1];
    expect(error).toHaveBeenCalledTimes(1);
    expect(error).toHaveBeenCalledWith({ err: bug, reference }, expect.any(String));
    expect(JSON.stringify(fault)).not.toContain('secret');
  });
});
