import { defaultTableBytes, fieldBytes, staticNameIndex, staticTable } from './hpackStaticTable';

/** The fields of a push that repeat from one to the next, in the order in which `encode` wants their values. */
export const repeatedFields = [
  ':authority',
  'authorization',
  'ttl',
  'urgency',
  'content-type',
  'content-encoding',
  'content-length',
  'topic',
  'x-wns-cache-policy',
] as const;

/** No block is longer than this; every peer takes it in one frame (16 KiB). */
export const maxBlockBytes = 12_288;

/** What representation and lengths of one field take at most, beside its text. */
const overheadBytes = 16;

const validPath = /^\/[!-~]*$/;
const carriableValue = /^(?:[!-~](?:[\t -~]*[!-~])?)?$/;

const indexed = 0x80;
const literalIndexed = 0x40;
const sizeUpdate = 0x20;
const literalNeverIndexed = 0x10;
const pathIndex = staticNameIndex(':path');
const methodPost = indexed | staticIndex(':method', 'POST');
const schemeHttps = indexed | staticIndex(':scheme', 'https');

/** One of `repeatedFields` and the values of it that the peer's table may hold. */
interface Slot {
  readonly name: string;
  readonly nameIndex: number;
  /** By value: the number of the insertion that put it into the table. */
  readonly insertions: Map<string, number>;
}

interface Insertion {
  readonly slot: Slot;
  readonly value: string;
  readonly bytes: number;
}

/**
 * Writes the header blocks of POSTs (RFC 7541). A repeated field is put into the dynamic table once and is then
 * one or two bytes; the path, which is a capability, is never indexed (section 7.1.3). Mirrors the table of the
 * peer's decoder: every block must be sent, and in the order written. No Huffman coding: it costs more than the
 * bytes it saves.
 */
export class HpackEncoder {
  private readonly slots: readonly Slot[] = repeatedFields.map((name) => ({
    name,
    nameIndex: staticNameIndex(name),
    insertions: new Map(),
  }));
  /** Oldest first; the last one is insertion number `insertionCount`. */
  private readonly table: Insertion[] = [];
  private insertionCount = 0;
  private tableBytes = 0;
  private maxTableBytes = defaultTableBytes;
  /** The smallest limit since the last block, when there is one to tell the peer of. */
  private smallestUntold: number | undefined;

  /** Takes the peer's SETTINGS_HEADER_TABLE_SIZE; at most 4,096 bytes of it are used. */
  resize(peerMaxBytes: number): void {
    const bytes = Math.min(peerMaxBytes, defaultTableBytes);
    if (bytes === this.maxTableBytes) return;
    this.maxTableBytes = bytes;
    this.smallestUntold = Math.min(bytes, this.smallestUntold ?? bytes);
    this.evictTo(bytes);
  }

  /**
   * Writes the block of one POST, at most `maxBlockBytes`, and gives the offset behind it; or -1, and nothing is
   * written or put into the table, when HTTP cannot carry the path or a value, or the block would be too long.
   * A value that is undefined is a field left out.
   */
  encode(path: string, values: ReadonlyArray<string | undefined>, target: Buffer, offset: number): number {
    if (!this.isCarriable(path, values)) return -1;
    let at = this.writeSizeUpdates(target, offset);
    target[at] = methodPost;
    target[at + 1] = schemeHttps;
    at = writeInteger(target, at + 2, pathIndex, literalNeverIndexed, 0x0f);
    at = writeString(target, at, path);
    for (let i = 0; i < this.slots.length; i++) {
      const slot = this.slots[i];
      const value = values[i];
      if (slot !== undefined && value !== undefined) at = this.writeField(slot, value, target, at);
    }
    return at;
  }

  private isCarriable(path: string, values: ReadonlyArray<string | undefined>): boolean {
    let bytes = path.length + overheadBytes;
    for (let i = 0; i < this.slots.length; i++) {
      const slot = this.slots[i];
      const value = values[i];
      if (slot === undefined || value === undefined) continue;
      bytes += value.length + slot.name.length + overheadBytes;
      if (!slot.insertions.has(value) && !carriableValue.test(value)) return false;
    }
    return bytes <= maxBlockBytes && validPath.test(path);
  }

  private writeField(slot: Slot, value: string, target: Buffer, at: number): number {
    const insertion = slot.insertions.get(value);
    if (insertion !== undefined) {
      const index = staticTable.length + 1 + this.insertionCount - insertion;
      return writeInteger(target, at, index, indexed, 0x7f);
    }
    const isKept = this.insert(slot, value);
    let next = isKept
      ? writeInteger(target, at, slot.nameIndex, literalIndexed, 0x3f)
      : writeInteger(target, at, slot.nameIndex, 0, 0x0f);
    if (slot.nameIndex === 0) next = writeString(target, next, slot.name);
    return writeString(target, next, value);
  }

  /** False for a value that the whole table could not hold. */
  private insert(slot: Slot, value: string): boolean {
    const bytes = fieldBytes(slot.name, value);
    if (bytes > this.maxTableBytes) return false;
    this.evictTo(this.maxTableBytes - bytes);
    this.table.push({ slot, value, bytes });
    this.tableBytes += bytes;
    this.insertionCount += 1;
    slot.insertions.set(value, this.insertionCount);
    return true;
  }

  private evictTo(bytes: number): void {
    while (this.tableBytes > bytes) {
      const oldest = this.table.shift();
      if (oldest === undefined) return;
      this.tableBytes -= oldest.bytes;
      oldest.slot.insertions.delete(oldest.value);
    }
  }

  /** The smallest limit there was, which has emptied the table, and the one that holds (RFC 7541 section 4.2). */
  private writeSizeUpdates(target: Buffer, offset: number): number {
    if (this.smallestUntold === undefined) return offset;
    let at = offset;
    if (this.smallestUntold < this.maxTableBytes) {
      at = writeInteger(target, at, this.smallestUntold, sizeUpdate, 0x1f);
    }
    this.smallestUntold = undefined;
    return writeInteger(target, at, this.maxTableBytes, sizeUpdate, 0x1f);
  }
}

function staticIndex(name: string, value: string): number {
  return staticTable.findIndex((field) => field.name === name && field.value === value) + 1;
}

/** RFC 7541 section 5.1: `mask` shows the bits of the first byte that are the integer's. */
function writeInteger(target: Buffer, offset: number, value: number, pattern: number, mask: number): number {
  if (value < mask) {
    target[offset] = pattern | value;
    return offset + 1;
  }
  target[offset] = pattern | mask;
  let at = offset + 1;
  let rest = value - mask;
  for (; rest >= 128; rest >>>= 7) target[at++] = (rest & 127) | 128;
  target[at] = rest;
  return at + 1;
}

/** RFC 7541 section 5.2, without Huffman coding. */
function writeString(target: Buffer, offset: number, text: string): number {
  const at = writeInteger(target, offset, text.length, 0, 0x7f);
  return at + target.write(text, at, 'latin1');
}
