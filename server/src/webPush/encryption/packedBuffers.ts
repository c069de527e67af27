const lengthBytes = 4;

/**
 * Lays buffers one behind the other, each after its length, in memory that can be handed to another thread without a
 * copy. Read back by `unpackBuffers`.
 */
export function packBuffers(buffers: readonly Uint8Array[]): ArrayBuffer {
  const size = buffers.reduce((sum, { length }) => sum + lengthBytes + length, 0);
  const packed = new ArrayBuffer(size);
  const bytes = Buffer.from(packed);
  let offset = 0;
  for (const buffer of buffers) {
    offset = bytes.writeUInt32LE(buffer.length, offset);
    bytes.set(buffer, offset);
    offset += buffer.length;
  }
  return packed;
}

/** What `packBuffers` was given, as views on the same memory. */
export function unpackBuffers(packed: ArrayBuffer): Buffer[] {
  const bytes = Buffer.from(packed);
  const buffers: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const start = offset + lengthBytes;
    offset = start + bytes.readUInt32LE(offset);
    buffers.push(bytes.subarray(start, offset));
  }
  return buffers;
}
