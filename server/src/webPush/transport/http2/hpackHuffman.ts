import { Http2Error, http2ErrorCodes } from './http2Error';

/** Bits of each symbol's code, the end of string (256) last (RFC 7541 appendix B). */
// biome-ignore format: 32 symbols a line
export const huffmanCodeLengths: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];

const endOfString = 256;

/** The tree of the code: two children a node; a leaf is the negative of its symbol minus one, 0 is none. */
const children = buildTree();
const nodeCount = children.length / 2;

/**
 * For each node and each four bits: the node they lead to. No code is shorter than five bits, so that four of
 * them end one symbol at most: `symbols` has it, or -1.
 */
const steps = new Int16Array(nodeCount * 16);
const symbols = new Int16Array(nodeCount * 16).fill(-1);
fillSteps();

/** Nodes where a string may end: its padding, at most seven bits, is the beginning of the end of string. */
const mayEnd = new Uint8Array(nodeCount);
markEnds();

/** The code is canonical: within a length symbols are in order, so the lengths are the code. */
function buildTree(): number[] {
  const tree = [0, 0];
  const inOrder = huffmanCodeLengths
    .map((length, symbol) => ({ length, symbol }))
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol);
  let code = 0;
  let bits = 0;
  for (const { length, symbol } of inOrder) {
    code *= 2 ** (length - bits);
    bits = length;
    plant(tree, code, length, symbol);
    code += 1;
  }
  return tree;
}

function plant(tree: number[], code: number, length: number, symbol: number): void {
  let node = 0;
  for (let bit = length - 1; bit > 0; bit--) {
    const slot = node * 2 + ((code >>> bit) & 1);
    if (tree[slot] === 0) {
      tree[slot] = tree.length / 2;
      tree.push(0, 0);
    }
    node = tree[slot] ?? 0;
  }
  tree[node * 2 + (code & 1)] = -symbol - 1;
}

function fillSteps(): void {
  for (let at = 0; at < steps.length; at++) {
    let node = at >>> 4;
    for (let bit = 3; bit >= 0; bit--) {
      const next = children[node * 2 + ((at >>> bit) & 1)] ?? 0;
      if (next < 0) symbols[at] = -next - 1;
      node = Math.max(0, next);
    }
    steps[at] = node;
  }
}

function markEnds(): void {
  let node = 0;
  for (let paddingBits = 0; paddingBits < 8; paddingBits++) {
    mayEnd[node] = 1;
    node = children[node * 2 + 1] ?? 0;
  }
}

/** Decoding is synchronous, and a code has at least five bits: room for 40,960 bytes, more than a block may have. */
const scratch = Buffer.allocUnsafeSlow(65_536);

/**
 * The text of a Huffman coded string literal (RFC 7541 section 5.2). Throws
 * `Http2Error` for an end of string in it, and for padding that is too long or not all ones.
 */
export function decodeHuffman(buffer: Buffer, start: number, end: number): string {
  let node = 0;
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = buffer[at] ?? 0;
    for (let step = (node << 4) | (byte >>> 4), half = 0; half < 2; half++) {
      const symbol = symbols[step] ?? -1;
      if (symbol === endOfString) throw badHuffman();
      if (symbol >= 0) scratch[length++] = symbol;
      node = steps[step] ?? 0;
      step = (node << 4) | (byte & 15);
    }
  }
  if (mayEnd[node] !== 1) throw badHuffman();
  return scratch.toString('latin1', 0, length);
}

function badHuffman(): Http2Error {
  return new Http2Error(http2ErrorCodes.compressionError, 'A Huffman coded string is broken');
}
