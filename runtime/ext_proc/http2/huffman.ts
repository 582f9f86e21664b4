/** The Huffman code of HPACK (RFC 7541, section 5.2 and appendix B). */

/**
 * Bits of each byte's code. The code is canonical, so that the lengths say all: codes of one length follow
 * each other in the order of the bytes, and shorter ones come first.
 */
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
  28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5,
  6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6,
  7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23,
  23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22,
  22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22,
  23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27,
  27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25,
  24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
] as const;

/**
 * Tables of 256 entries, one behind the other, each for the next eight bits. An entry is `bits << 8 | byte` where a
 * code ends within them, the negated place of the next table where it goes on, 0 where no code begins so.
 */
const TABLES = build();

function build(): Int32Array {
  const tables = Array<number>(256).fill(0);
  const bytes = LENGTHS.map((_, byte) => byte).sort(
    (a, b) => (LENGTHS[a] ?? 0) - (LENGTHS[b] ?? 0) || a - b,
  );
  let code = 0;
  let length = 0;
  for (const byte of bytes) {
    const bits = LENGTHS[byte] ?? 0;
    code *= 2 ** (bits - length);
    length = bits;
    place(tables, code, bits, byte);
    code += 1;
  }
  return Int32Array.from(tables);
}

function place(tables: number[], code: number, bits: number, byte: number): void {
  let table = 0;
  let left = bits;
  for (; left > 8; left -= 8) {
    const at = table + ((code >>> (left - 8)) & 255);
    if (tables[at] === 0) {
      tables[at] = -tables.length;
      tables.push(...Array<number>(256).fill(0));
    }
    table = -(tables[at] ?? 0);
  }
  const first = table + ((code << (8 - left)) & 255);
  tables.fill((left << 8) | byte, first, first + (1 << (8 - left)));
}

/** @returns the text, a character for each byte; undefined where no text has this code. */
export function decodeHuffman(bytes: Buffer, start: number, end: number): string | undefined {
  const out = Buffer.allocUnsafe(Math.floor(((end - start) * 8) / 5));
  let length = 0;
  let table = 0;
  let window = 0;
  /** Bits at the low end of the window that are still to be read: less than 8 between bytes. */
  let held = 0;
  for (let at = start; at < end; at += 1) {
    window = ((window << 8) | (bytes[at] as number)) & 0xffff;
    held += 8;
    while (held >= 8) {
      const entry = TABLES[table + ((window >>> (held - 8)) & 255)] as number;
      if (entry === 0) return undefined;
      if (entry < 0) {
        table = -entry;
        held -= 8;
        continue;
      }
      out[length] = entry & 255;
      length += 1;
      held -= entry >>> 8;
      table = 0;
    }
  }
  while (held > 0) {
    const entry = TABLES[table + (((window << (8 - held)) | (255 >>> held)) & 255)] as number;
    if (entry <= 0 || entry >>> 8 > held) break;
    out[length] = entry & 255;
    length += 1;
    held -= entry >>> 8;
    table = 0;
  }
  // What is left over is less than a byte, of ones alone.
  const rest = (1 << held) - 1;
  return table === 0 && (window & rest) === rest ? out.toString("latin1", 0, length) : undefined;
}
