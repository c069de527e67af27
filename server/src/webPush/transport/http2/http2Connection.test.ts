import {
  closed,
  connectionWith,
  type HandSocket,
  turn,
} from '../../../../test/support/servers/handConnection';
import {
  block,
  created,
  frame,
  goaway,
  rstStream,
  settings,
  windowUpdate,
} from '../../../../test/support/servers/http2Bytes';

describe('flow control', () => {
  const bodyOf = (socket: HandSocket, streamId: number): { bytes: number; ended: boolean } => {
    const data = socket.sent.filter(({ type, streamId: id }) => type === 0 && id === streamId);
    return {
      bytes: data.reduce((sum, { payload }) => sum + payload.length, 0),
      ended: data.some(({ flags }) => (flags & 1) !== 0),
    };
  };

  test('a body waits for its window, and a window may become negative', async () => {
    const { socket } = await connectionWith(1, settings([4, 100]), 1_000);
    await turn();
    expect(bodyOf(socket, 1)).toEqual({ bytes: 100, ended: false });
    socket.emit('data', Buffer.concat([settings([4, 50]), windowUpdate(1, 50)]));
    await turn();
    expect(bodyOf(socket, 1)).toEqual({ bytes: 100, ended: false });
    socket.emit('data', windowUpdate(1, 1));
    await turn();
    expect(bodyOf(socket, 1)).toEqual({ bytes: 101, ended: false });
    socket.emit('data', settings([4, 65_535]));
    await turn();
    expect(bodyOf(socket, 1)).toEqual({ bytes: 1_000, ended: true });
  });

  test('all bodies together wait for the window of the connection, and go in order', async () => {
    const { socket, connection } = await connectionWith(20, settings(), 4_000);
    await turn();
    expect(bodyOf(socket, 33)).toEqual({ bytes: 65_535 - 64_000, ended: false });
    expect(bodyOf(socket, 35)).toEqual({ bytes: 0, ended: false });
    // A stream that is over makes room for none: the window is the connection's.
    socket.emit('data', Buffer.concat([rstStream(33, 8), windowUpdate(0, 4_001)]));
    await turn();
    expect(bodyOf(socket, 33)).toEqual({ bytes: 1_535, ended: false });
    expect(bodyOf(socket, 35)).toEqual({ bytes: 4_000, ended: true });
    expect(bodyOf(socket, 37)).toEqual({ bytes: 1, ended: false });
    expect(connection.hasRoom).toBe(true);
  });

  test('an answer that is complete before the body has gone ends the stream', async () => {
    const { socket, endings } = await connectionWith(1, settings([4, 10]), 1_000);
    await turn();
    socket.emit('data', created(1));
    await turn();
    expect(endings).toMatchObject([[{ status: 201 }]]);
    expect(socket.sent.at(-1)).toMatchObject({ type: 3, streamId: 1 });
  });

  test.each([
    { what: 'a success', status: '201', bytes: 1_024, given: [], isCut: false },
    { what: 'a success that goes on', status: '201', bytes: 1_025, given: [], isCut: true },
    { what: 'an error', status: '410', bytes: 4_096, given: [3_072], isCut: false },
    { what: 'an error that goes on', status: '410', bytes: 4_097, given: [3_072], isCut: true },
  ])('$what of $bytes bytes: cut $isCut', async ({ status, bytes, given, isCut }) => {
    const { socket, endings } = await connectionWith(1);
    await turn();
    socket.emit('data', frame(1, 4, 1, block([':status', status])));
    await turn();
    const windows = socket.sent.filter(({ type, streamId }) => type === 8 && streamId === 1);
    expect(windows.map(({ payload }) => payload.readUInt32BE())).toEqual(given);
    socket.emit('data', frame(0, 0, 1, Buffer.alloc(bytes)));
    expect(endings[0]?.length).toBe(isCut ? 1 : 0);
    socket.emit('data', frame(0, 1, 1, Buffer.alloc(0)));
    await turn();
    expect(endings).toMatchObject([[{ status: Number(status) }]]);
    expect(socket.sent.filter(({ type }) => type === 3).length).toBe(isCut ? 1 : 0);
  });

  test('padding of an error counts as its body, so that it cannot fill the window and stay', async () => {
    const { socket, endings } = await connectionWith(1);
    await turn();
    socket.emit('data', frame(1, 4, 1, block([':status', '410'])));
    const padded = frame(0, 8, 1, Buffer.concat([Buffer.from([255]), Buffer.alloc(256 + 255)]));
    for (let sent = 0; sent + 512 <= 4_353; sent += 512) socket.emit('data', padded);
    expect(endings).toMatchObject([[]]);
    socket.emit('data', frame(0, 0, 1, Buffer.alloc(4_353 % 512)));
    expect(endings).toMatchObject([[{ status: 410 }]]);
  });

  test('the window for answers is filled up again', async () => {
    const { socket, endings } = await connectionWith(20);
    await turn();
    for (let id = 1; id < 40; id += 2) {
      socket.emit('data', frame(1, 4, id, block([':status', '500'])));
      // What is beyond the bound of a body counts all the same.
      socket.emit('data', frame(0, 1, id, Buffer.alloc(16_384)));
    }
    await turn();
    expect(endings.every(([ending]) => typeof ending === 'object' && ending.kind === 'response')).toBe(true);
    const widened = socket.sent.filter(({ type, streamId }) => type === 8 && streamId === 0);
    const given = widened.reduce((sum, { payload }) => sum + payload.readUInt32BE(), 0);
    expect(20 * 16_384 - given).toBeLessThan(65_535 / 2);
  });
});

test('posts that were never handed to the socket are untaken, the others reset', async () => {
  const { socket, endings, send } = await connectionWith(2);
  await turn();
  send();
  await closed(socket);
  const reset = { kind: 'failure', failure: 'reset' };
  expect(endings).toEqual([[reset], [reset], ['untaken']]);
});

test('a broken protocol: what waits to be written never is, and is untaken', async () => {
  const { socket, endings, send } = await connectionWith(1);
  await turn();
  send();
  socket.emit('data', windowUpdate(0, 0));
  await turn();
  expect(endings).toEqual([[{ kind: 'failure', failure: 'protocol' }], ['untaken']]);
  expect(socket.sent.map(({ type }) => type)).toEqual([4, 4, 1, 0, 7]);
});

test('a socket that does not take what is written gets no more posts until it does', async () => {
  const { socket, connection, send } = await connectionWith(0, settings([4, 1_000_000]), 4_000);
  socket.emit('data', windowUpdate(0, 2 ** 30));
  await turn();
  socket.drain = () => undefined;
  for (let posts = 0; posts < 100; posts++) send();
  await turn();
  expect(connection.hasRoom).toBe(false);
  expect(connection.isHealthy).toBe(true);
  const { drain } = socket;
  socket.drain = undefined;
  drain();
  await turn();
  expect(connection.hasRoom).toBe(true);
});

test('after a timeout only the answer to our own PING ends the doubt', async () => {
  const { socket, connection, exchanges } = await connectionWith(2);
  await turn();
  exchanges[0]?.fail('timeout');
  await turn();
  expect(connection.hasRoom).toBe(false);
  expect(socket.sent.find(({ type }) => type === 3)).toMatchObject({ streamId: 1 });
  const ping = socket.sent.find(({ type }) => type === 6);
  socket.emit('data', Buffer.concat([created(3), frame(6, 1, 0, 'ff'.repeat(8))]));
  expect(connection.hasRoom).toBe(false);
  socket.emit('data', frame(6, 1, 0, ping?.payload));
  expect(connection.hasRoom).toBe(true);
});

test('the frames of one turn go out as one write', async () => {
  const { socket } = await connectionWith(50);
  const before = socket.written.length;
  await turn();
  expect(socket.written.length).toBe(before + 1);
  expect(socket.sent.filter(({ type }) => type === 1).length).toBe(50);
});

describe('a peer that asks for calm (RFC 9113 section 7)', () => {
  const enhanceYourCalm = 11;
  const internalError = 2;

  test.each([
    ['gets no further post on that connection', enhanceYourCalm, false],
    ['is not one that resets a stream for another reason', internalError, true],
  ])('%s', async (_what, code, hasRoom) => {
    const { socket, connection, endings } = await connectionWith(2);
    await turn();
    socket.emit('data', rstStream(1, code));
    await turn();
    expect(connection.hasRoom).toBe(hasRoom);
    expect(endings[0]).toEqual([{ kind: 'failure', failure: 'reset' }]);
    // what is under way may end
    socket.emit('data', created(3));
    await turn();
    expect(endings[1]).toMatchObject([{ status: 201 }]);
    expect(socket.destroyed).toBe(!hasRoom);
  });
});

describe('a GOAWAY (RFC 9113 section 6.8) says how many posts were taken, and how many come back', () => {
  const noError = 0;
  const internalError = 2;
  const lastOfAll = 0x7fff_ffff;

  test.each<[string, { lastId: number; code?: number; said: [number, number][] }]>([
    ['none', { lastId: 0, said: [[0, 5]] }],
    ['some', { lastId: 5, said: [[3, 2]] }],
    ['all that came', { lastId: 9, said: [[5, 0]] }],
    ['all that may come', { lastId: lastOfAll, said: [[5, 0]] }],
    ['one with an error says nothing of others', { lastId: 5, code: internalError, said: [] }],
  ])('%s', async (_name, { lastId, code = noError, said }) => {
    const { socket, goaways } = await connectionWith(5);
    await turn();
    socket.emit('data', goaway(lastId, code));
    expect(goaways).toEqual(said);
  });

  test.each([
    ['does not count as sent again when others were taken', 1, 4],
    ['counts when none was', 0, 3],
  ])('and what comes back %s', async (_name, lastId, moreTimes) => {
    const { socket, exchanges } = await connectionWith(2);
    await turn();
    socket.emit('data', goaway(lastId, noError));
    let times = 0;
    while (exchanges[1]?.mayResend()) times += 1;
    expect(times).toBe(moreTimes);
  });

  test('those that have their answer do not come back', async () => {
    const { socket, goaways } = await connectionWith(5);
    await turn();
    socket.emit('data', Buffer.concat([created(1), created(9), goaway(5, noError)]));
    expect(goaways).toEqual([[3, 1]]);
  });

  test.each<[string, { received: Buffer[]; atOnce: number; atEnd: number }]>([
    ['an error', { received: [goaway(9, internalError)], atOnce: 1, atEnd: 1 }],
    ['none taken', { received: [goaway(0, noError)], atOnce: 1, atEnd: 1 }],
    ['some taken, and none answered', { received: [goaway(5, noError)], atOnce: 0, atEnd: 1 }],
    ['the taken one reset before', { received: [rstStream(1, 2), goaway(1, noError)], atOnce: 1, atEnd: 1 }],
    ['fewer taken in the end', { received: [goaway(9, noError), goaway(5, noError)], atOnce: 0, atEnd: 1 }],
    ['none taken in the end', { received: [goaway(9, noError), goaway(0, noError)], atOnce: 1, atEnd: 1 }],
    [
      'an error afterwards',
      { received: [goaway(9, noError), goaway(9, internalError)], atOnce: 1, atEnd: 1 },
    ],
    ['answered before', { received: [created(1), goaway(5, noError)], atOnce: 0, atEnd: 0 }],
    ['answered after', { received: [goaway(5, noError), created(1)], atOnce: 0, atEnd: 0 }],
  ])('a connection was fruitless, or not: %s', async (_name, { received, atOnce, atEnd }) => {
    const { socket, onClosedUnanswered } = await connectionWith(5);
    await turn();
    for (const bytes of received) socket.emit('data', bytes);
    expect(onClosedUnanswered).toHaveBeenCalledTimes(atOnce);
    await closed(socket);
    expect(onClosedUnanswered).toHaveBeenCalledTimes(atEnd);
  });

  test.each([
    ['not when we had closed it before', true, 0],
    ['also when we close it meanwhile', false, 1],
  ])('a connection was fruitless: %s', async (_name, before, times) => {
    const { socket, connection, onClosedUnanswered } = await connectionWith(5);
    await turn();
    if (before) connection.close();
    socket.emit('data', goaway(5, noError));
    connection.close();
    await closed(socket);
    expect(onClosedUnanswered).toHaveBeenCalledTimes(times);
  });
});

test('a connection on which many answers had to be cut is left, when the last is answered', async () => {
  const { socket, connection, endings, send } = await connectionWith(0);
  let id = 1;
  const answer = async () => {
    await turn();
    const head = frame(1, 4, id, block([':status', '201']));
    socket.emit('data', Buffer.concat([head, frame(0, 0, id, Buffer.alloc(1_281))]));
    id += 2;
  };
  for (let count = 0; count < 255; count += 1) {
    send();
    await answer();
  }
  expect(connection.hasRoom).toBe(true);
  send();
  send();
  await answer();
  expect(connection.hasRoom).toBe(false);
  expect(socket.destroyed).toBe(false);
  await answer();
  await turn();
  expect(socket.destroyed).toBe(true);
  expect(endings.flat().length).toBe(257);
  for (const ending of endings.flat()) expect(ending).toMatchObject({ status: 201, body: '' });
});
