import fc from 'fast-check';
import { packBuffers, unpackBuffers } from './packedBuffers';

test('whatever is packed comes out again, empty buffers too', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 500 })), (buffers) => {
      const unpacked = unpackBuffers(packBuffers(buffers));
      expect(unpacked.map((each) => [...each])).toEqual(buffers.map((each) => [...each]));
    }),
  );
});
