import type { ValueTransformer } from 'typeorm';

/** Bytes as Buffer on both engines: libsql hands out ArrayBuffers. */
export const bytes: ValueTransformer = {
  to: (value: Buffer | null | undefined) => value,
  from: (value: ArrayBuffer | Uint8Array | null) => (value === null ? null : toBuffer(value)),
};

/** A value kept as JSON text. */
export const json: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (value: string | null) => (value === null ? null : JSON.parse(value)),
};

/** Semaphore what a driver returned for a binary column into a Buffer without copying. */
export function toBuffer(value: ArrayBuffer | Uint8Array): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return value instanceof ArrayBuffer
    ? Buffer.from(value)
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
