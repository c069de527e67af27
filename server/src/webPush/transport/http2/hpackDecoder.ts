import { decodeHuffman } from './hpackHuffman';
import { defaultTableBytes, fieldBytes, type HeaderField, staticTable } from './hpackStaticTable';
import { Http2Error, http2ErrorCodes } from './http2Error';

/** SETTINGS_MAX_HEADER_LIST_SIZE: what the fields of one block may come to, 32 bytes each beyond their text. */
export const maxHeaderListBytes = 16_384;

/** Integers beyond 2^28 stand for nothing that we would take. */
const maxIntegerShift = 21;

const wellFormedName = /^:?[!#$%&'*+.^_`|~0-9a-z-]+$/;
const illFormedValue = /[\0\r\n]/;

/** Takes the fields of a block, in order. */
export type TakeField = (field: HeaderField) => void;

/**
 * Reads header blocks (RFC 7541) in the order they come, and keeps the dynamic table that belongs to one
 * direction of a connection. What it throws ends the connection, for after it the table is not the peer's.
 */
export class HpackDecoder {
  private readonly dynamicTable: HeaderField[] = [];
  private tableBytes = 0;
  private maxTableBytes = defaultTableBytes;
  private input: Buffer = Buffer.alloc(0);
  private at = 0;
  private end = 0;

  /**
   * Reads one whole block. Throws `Http2Error`: COMPRESSION_ERROR for what cannot be read, ENHANCE_YOUR_CALM
   * beyond `maxHeaderListBytes`.
   */
  decode(buffer: Buffer, start: number, end: number, take: TakeField): void {
    this.input = buffer;
    this.at = start;
    this.end = end;
    let listBytes = 0;
    this.readSizeUpdates();
    while (this.at < this.end) {
      const field = this.readField();
      listBytes += fieldBytes(field.name, field.value);
      if (listBytes > maxHeaderListBytes) throw tooManyFields();
      take(field);
    }
  }

  /** Only before the first field (RFC 7541 section 4.2). */
  private readSizeUpdates(): void {
    while (this.at < this.end && ((this.input[this.at] ?? 0) & 0xe0) === 0x20) {
      this.maxTableBytes = this.readInteger(0x1f);
      if (this.maxTableBytes > defaultTableBytes) throw broken('A table size update beyond the limit');
      this.evictTo(this.maxTableBytes);
    }
  }

  /** One of the representations of RFC 7541 section 6, known by its first bits. */
  private readField(): HeaderField {
    const first = this.input[this.at] ?? 0;
    if ((first & 0x80) !== 0) return this.fieldAt(this.readInteger(0x7f));
    if ((first & 0x40) !== 0) {
      const field = this.readLiteral(0x3f);
      this.insert(field);
      return field;
    }
    if ((first & 0x20) !== 0) throw broken('A table size update behind a field');
    return this.readLiteral(0x0f);
  }

  private readLiteral(indexMask: number): HeaderField {
    const nameIndex = this.readInteger(indexMask);
    if (nameIndex === 0) {
      const name = this.readString();
      return this.withValue(name, wellFormedName.test(name));
    }
    const named = this.fieldAt(nameIndex);
    return this.withValue(named.name, named.isWellFormed);
  }

  private withValue(name: string, isNameWellFormed: boolean): HeaderField {
    const value = this.readString();
    return { name, value, isWellFormed: isNameWellFormed && !illFormedValue.test(value) };
  }

  private fieldAt(index: number): HeaderField {
    const dynamicIndex = index - staticTable.length;
    const field =
      dynamicIndex <= 0 ? staticTable[index - 1] : this.dynamicTable[this.dynamicTable.length - dynamicIndex];
    if (field === undefined) throw broken('An index beyond the table');
    return field;
  }

  /** A field larger than the table empties it (RFC 7541 section 4.4). */
  private insert(field: HeaderField): void {
    const bytes = fieldBytes(field.name, field.value);
    this.evictTo(Math.max(0, this.maxTableBytes - bytes));
    if (bytes > this.maxTableBytes) return;
    this.dynamicTable.push(field);
    this.tableBytes += bytes;
  }

  private evictTo(bytes: number): void {
    while (this.tableBytes > bytes) {
      const oldest = this.dynamicTable.shift();
      if (oldest !== undefined) this.tableBytes -= fieldBytes(oldest.name, oldest.value);
    }
  }

  /** RFC 7541 section 5.2. */
  private readString(): string {
    const isHuffman = ((this.input[this.at] ?? 0) & 0x80) !== 0;
    const length = this.readInteger(0x7f);
    const start = this.at;
    if (length > this.end - start) throw broken('A string longer than its block');
    this.at += length;
    return isHuffman
      ? decodeHuffman(this.input, start, this.at)
      : this.input.toString('latin1', start, this.at);
  }

  /** RFC 7541 section 5.1; the mask shows the bits of the first byte that belong to the integer. */
  private readInteger(mask: number): number {
    let value = this.readByte() & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= maxIntegerShift; shift += 7) {
      const byte = this.readByte();
      value += (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value;
    }
    throw broken('An integer out of all bounds');
  }

  private readByte(): number {
    const byte = this.at < this.end ? this.input[this.at] : undefined;
    if (byte === undefined) throw broken('A header block that ends too early');
    this.at += 1;
    return byte;
  }
}

function broken(message: string): Http2Error {
  return new Http2Error(http2ErrorCodes.compressionError, message);
}

function tooManyFields(): Http2Error {
  return new Http2Error(
    http2ErrorCodes.enhanceYourCalm,
    'A header list beyond SETTINGS_MAX_HEADER_LIST_SIZE',
  );
}
