import fc from 'fast-check';
import { HpackDecoder, maxHeaderListBytes } from './hpackDecoder';
import { type HeaderField, staticTable } from './hpackStaticTable';
import { Http2Error, http2ErrorCodes } from './http2Error';

function decode(decoder: HpackDecoder, hex: string): string[] {
  const block = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const fields: HeaderField[] = [];
  // Not from the beginning, nor to the end, of its buffer.
  const buffer = Buffer.concat([Buffer.from([0x82]), block, Buffer.from([0x82])]);
  decoder.decode(buffer, 1, 1 + block.length, (field) => fields.push(field));
  return fields.map(({ name, value }) => `${name}: ${value}`);
}

const get = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];
const getCached = [...get, 'cache-control: no-cache'];
const getCustom = [
  ':method: GET',
  ':scheme: https',
  ':path: /index.html',
  ':authority: www.example.com',
  'custom-key: custom-value',
];
const moved = [
  ':status: 302',
  'cache-control: private',
  'date: Mon, 21 Oct 2013 20:13:21 GMT',
  'location: https://www.example.com',
];
const movedAgain = [':status: 307', ...moved.slice(1)];
const found = [
  ':status: 200',
  'cache-control: private',
  'date: Mon, 21 Oct 2013 20:13:22 GMT',
  'location: https://www.example.com',
  'content-encoding: gzip',
  'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
];
/** The examples of responses presume a table of 256 bytes. */
const tableOf256 = '3fe101';

test('the static table is that of RFC 7541 appendix A', () => {
  expect(staticTable.length).toBe(61);
  expect([1, 2, 8, 16, 28, 32, 46, 61].map((index) => staticTable[index - 1])).toMatchObject([
    { name: ':authority', value: '' },
    { name: ':method', value: 'GET' },
    { name: ':status', value: '200' },
    { name: 'accept-encoding', value: 'gzip, deflate' },
    { name: 'content-length' },
    { name: 'cookie' },
    { name: 'location' },
    { name: 'www-authenticate' },
  ]);
});

test.each([
  ['C.2.1', [['400a637573746f6d2d6b65790d637573746f6d2d686561646572', ['custom-key: custom-header']]]],
  ['C.2.2', [['040c2f73616d706c652f70617468', [':path: /sample/path']]]],
  ['C.2.3', [['100870617373776f726406736563726574', ['password: secret']]]],
  ['C.2.4', [['82', [':method: GET']]]],
  [
    'C.3',
    [
      ['828684410f7777772e6578616d706c652e636f6d', get],
      ['828684be58086e6f2d6361636865', getCached],
      ['828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565', getCustom],
    ],
  ],
  [
    'C.4',
    [
      ['828684418cf1e3c2e5f23a6ba0ab90f4ff', get],
      ['828684be5886a8eb10649cbf', getCached],
      ['828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf', getCustom],
    ],
  ],
  [
    'C.5',
    [
      [
        `${tableOf256}4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54
         6e1768747470733a2f2f7777772e6578616d706c652e636f6d`,
        moved,
      ],
      ['4803333037c1c0bf', movedAgain],
      [
        `88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b
         48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31`,
        found,
      ],
    ],
  ],
  [
    'C.6',
    [
      [
        `${tableOf256}488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f
         0b97c8e9ae82ae43d3`,
        moved,
      ],
      ['4883640effc1c0bf', movedAgain],
      [
        `88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5
         af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007`,
        found,
      ],
    ],
  ],
] as Array<[string, Array<[string, string[]]>]>)('the example %s of RFC 7541', (_name, blocks) => {
  const decoder = new HpackDecoder();
  for (const [hex, fields] of blocks) expect(decode(decoder, hex.replace(/\s/g, ''))).toEqual(fields);
});

test('size updates: to nothing, which empties the table, and back', () => {
  const decoder = new HpackDecoder();
  decode(decoder, '400161 0162');
  expect(decode(decoder, 'be')).toEqual(['a: b']);
  expect(decode(decoder, '20 3fe11f')).toEqual([]);
  expect(() => decode(decoder, 'be')).toThrow('index');
});

test('a field larger than the table empties it', () => {
  const decoder = new HpackDecoder();
  decode(decoder, '3f11 400161 0162');
  expect(decode(decoder, `400161 14${'62'.repeat(20)}`)).toEqual([`a: ${'b'.repeat(20)}`]);
  expect(() => decode(decoder, 'be')).toThrow('index');
});

test.each([
  ['index 0', '80'],
  ['an index beyond the table', 'be'],
  ['a name beyond the table', '7e 0161'],
  ['a string beyond the block', '000161 0562'],
  ['a block that ends in an integer', 'ff'],
  ['a block that ends before a value', '400161'],
  ['an integer that does not end', 'ff8080808080808080808001'],
  ['an integer that is too large', 'ffffffffffff7f'],
  ['a size update beyond the limit', '3fe21f'],
  ['a size update behind a field', '8220'],
  ['a broken Huffman string', '000161 81 00'],
])('%s is a COMPRESSION_ERROR', (_name, hex) => {
  expect(() => decode(new HpackDecoder(), hex)).toThrow(
    expect.objectContaining({ http2Code: http2ErrorCodes.compressionError }),
  );
});

test('a list that unpacks beyond its bound is refused', () => {
  const decoder = new HpackDecoder();
  decode(decoder, `400161 7f8107${'62'.repeat(1024)}`);
  const times = Math.floor(maxHeaderListBytes / (1024 + 33));
  expect(decode(decoder, 'be'.repeat(times)).length).toBe(times);
  expect(() => decode(decoder, 'be'.repeat(times + 1))).toThrow(
    expect.objectContaining({ http2Code: http2ErrorCodes.enhanceYourCalm }),
  );
});

test.each([
  ['upper case in a name', '000141 0162', false],
  ['an empty name', '0000 0162', false],
  ['a space in a name', '00026120 0162', false],
  ['a line break in a value', '000161 02620a', false],
  ['a NUL in a value', '000161 0100', false],
  ['a byte beyond ASCII in a value', '000161 01e4', true],
  ['a pseudo-header by name', '00073a737461747573 03323030', true],
])('%s', (_name, hex, isWellFormed) => {
  const block = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const fields: HeaderField[] = [];
  new HpackDecoder().decode(block, 0, block.length, (field) => fields.push(field));
  expect(fields).toMatchObject([{ isWellFormed }]);
});

test('whatever the bytes, there are fields or an Http2Error', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (blocks) => {
      const decoder = new HpackDecoder();
      try {
        for (const block of blocks) decoder.decode(Buffer.from(block), 0, block.length, () => undefined);
      } catch (error) {
        expect(error).toBeInstanceOf(Http2Error);
      }
    }),
    { numRuns: 5_000 },
  );
});
