/** What is sent: bytes that tell their place, half of them at random, half of them text, so that cuts fall within characters. */

import { decode } from "#src/text.js";

/** A prime, so that no repetition falls on the sizes of buffers. */
const period = 65_521;
const table = new Uint8Array(period * 2);

function fill(): void {
  const words = Buffer.from("a\0é€😀\ufeff\n");
  let state = 12_345;
  let at = 0;
  while (at < period) {
    const isText = at % 2048 < 1024;
    for (let i = 0; i < (isText ? words.length : 64); i++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
      table[at + i] = isText && i > 0 ? words[i]! : state >>> 16;
    }
    at += isText ? words.length : 64;
  }
  table.copyWithin(period, 0, period);
}

fill();

/** The stream that `key` names, from `from` up to, not including, `to`. */
export function content(key: number, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  for (let done = 0; done < bytes.length; ) {
    const at = (key + from + done) % period;
    const piece = table.subarray(at, at + Math.min(bytes.length - done, period));
    bytes.set(piece, done);
    done += piece.length;
  }
  return bytes;
}

/** The same as text (row S19). */
export function text(key: number, from: number, to: number): string {
  return decode(content(key, from, to), 0, to - from);
}
