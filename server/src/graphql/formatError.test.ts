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
      'String cannot represent a non string value: 5',
      ['input', 'content', 'title'],
    ],
    [
      'an index',
      { audience, content: { title: 'x', vibrate: [1, 1.5] } },
      'Int cannot represent non-integer value: 1.5',
      ['input', 'content', 'vibrate', 1],
    ],
    [
      'a DateTime',
      { audience, content: { title: 'x' }, sendAt: 'soon' },
      'DateTime must be RFC 3339 with a zone, for example 2026-01-31T09:30:00Z.',
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
