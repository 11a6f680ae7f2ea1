import fc from "fast-check";
import t from "tap";
import { decode, encode, encodedLength, encodeInto } from "#src/text.js";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** The one character that these bytes are, or null. */
function character(bytes: Uint8Array): string | null {
  const text = decoder.decode(bytes);
  const one = String.fromCodePoint(text.codePointAt(0)!) === text;
  return one && Buffer.compare(encoder.encode(text), bytes) === 0 ? text : null;
}

/** The definition, word for word: a character where there is one, else the byte's surrogate. */
function model(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    let found: string | null = null;
    let size = 0;
    while (found === null && ++size <= Math.min(4, bytes.length - at))
      found = character(bytes.subarray(at, at + size));
    text += found ?? String.fromCharCode(0xdc00 + bytes[at]!);
    at += found === null ? 1 : size;
  }
  return text;
}

function decodeAll(bytes: Uint8Array): string {
  return decode(bytes, 0, bytes.length);
}

const bytesOf = (...values: number[]) => Uint8Array.from(values);

const NOTABLE = [
  0, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbb, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe2, 0xed,
];
const MORE = [0xef, 0xf0, 0xf3, 0xf4, 0xf5, 0xf8, 0xfe, 0xff];
const character$ = fc.string({ unit: "binary", minLength: 1, maxLength: 3 }).map((s) => encoder.encode(s));
const byte$ = fc.constantFrom(...NOTABLE, ...MORE).map((value) => bytesOf(value));
const bytes$ = fc
  .array(fc.oneof(character$, byte$, fc.uint8Array({ maxLength: 3 })), { maxLength: 24 })
  .map((parts) => new Uint8Array(Buffer.concat(parts)));
/** Any UTF-16 code units at all, lone surrogates of every kind among them. */
const units$ = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0xd7f0, max: 0xe010 }),
      fc.constantFrom(65, 0xe9),
    ),
  )
  .map((units) => String.fromCharCode(...units));

t.test("S19 bytes that are no UTF-8 where they stand become U+DC80 + (byte - 128)", async (t) => {
  const cases: [string, number[], string][] = [
    ["a lone continuation byte", [0x41, 0x80, 0x42], "A\udc80B"],
    ["an overlong slash, two bytes", [0xc0, 0xaf], "\udcc0\udcaf"],
    ["an overlong slash, three bytes", [0xe0, 0x80, 0xaf], "\udce0\udc80\udcaf"],
    ["an overlong slash, four bytes", [0xf0, 0x80, 0x80, 0xaf], "\udcf0\udc80\udc80\udcaf"],
    ["the first encoded surrogate", [0xed, 0xa0, 0x80], "\udced\udca0\udc80"],
    ["the last encoded surrogate", [0xed, 0xbf, 0xbf], "\udced\udcbf\udcbf"],
    [
      "a surrogate pair encoded as two",
      [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
      "\udced\udca0\udcbd\udced\udcb8\udc80",
    ],
    ["just past U+10FFFF", [0xf4, 0x90, 0x80, 0x80], "\udcf4\udc90\udc80\udc80"],
    ["bytes no sequence has", [0xf5, 0xfe, 0xff], "\udcf5\udcfe\udcff"],
    ["cut after one of three", [0x61, 0xe2], "a\udce2"],
    ["cut after two of three", [0x61, 0xe2, 0x82], "a\udce2\udc82"],
    ["cut after three of four", [0xf0, 0x9f, 0x98], "\udcf0\udc9f\udc98"],
    ["the rest of a character that was cut", [0x9f, 0x98, 0x80, 0x61], "\udc9f\udc98\udc80a"],
    ["cut at both ends", [0x82, 0xac, 0xc3, 0xa9, 0xe2, 0x82], "\udc82\udcac\u00e9\udce2\udc82"],
    ["a character interrupted by another", [0xe2, 0xc3, 0xa9, 0x82], "\udce2\u00e9\udc82"],
  ];
  for (const [name, values, text] of cases) {
    t.equal(decodeAll(bytesOf(...values)), text, name);
    t.same([...encode(text)], values, `${name}, back`);
  }
});

t.test("S19 valid text stays as it is", async (t) => {
  const cases: [string, number[], string][] = [
    ["nothing", [], ""],
    ["zero bytes", [0, 0x61, 0], "\0a\0"],
    ["a byte order mark", [0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
    ["a genuine replacement character", [0xef, 0xbf, 0xbd], "\ufffd"],
    ["the first and last of two bytes", [0xc2, 0x80, 0xdf, 0xbf], "\u0080\u07ff"],
    ["the first and last of three", [0xe0, 0xa0, 0x80, 0xef, 0xbf, 0xbf], "\u0800\uffff"],
    ["either side of the surrogates", [0xed, 0x9f, 0xbf, 0xee, 0x80, 0x80], "\ud7ff\ue000"],
    ["the first and last of four", [0xf0, 0x90, 0x80, 0x80, 0xf4, 0x8f, 0xbf, 0xbf], "\u{10000}\u{10ffff}"],
  ];
  for (const [name, values, text] of cases) {
    t.equal(decodeAll(bytesOf(...values)), text, name);
    t.same([...encode(text)], values, `${name}, back`);
  }
  t.equal(decodeAll(bytesOf(0xef, 0xbf, 0xbd, 0xff)), "\ufffd\udcff", "a genuine one beside an invalid byte");
});

t.test("S19 a pair whose low half is in the escapes' range is a character", async (t) => {
  t.same([...encode("\ud800\udc80")], [0xf0, 0x90, 0x82, 0x80]);
  t.same([...encode("\ud800\udc80\udc80")], [0xf0, 0x90, 0x82, 0x80, 0x80]);
});

t.test("S19 other lone surrogates encode as U+FFFD", async (t) => {
  for (const text of ["\ud800", "\udbff", "\udc00", "\udc7f", "\udd00", "\udfff"]) {
    t.same([...encode(text)], [0xef, 0xbf, 0xbd], escape(text));
  }
  t.same([...encode("\ud800\udc80\ud800a")], [0xf0, 0x90, 0x82, 0x80, 0xef, 0xbf, 0xbd, 0x61]);
});

t.test("S19 every sequence of two bytes, alone and before a third", async (t) => {
  let wrong = 0;
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second++) {
      const two = bytesOf(first, second);
      if (decodeAll(two) !== model(two)) wrong++;
      for (const third of [0x80, 0xbf, 0xff]) {
        const three = bytesOf(first, second, third);
        const text = decodeAll(three);
        if (text !== model(three) || Buffer.compare(encode(text), three) !== 0) wrong++;
      }
    }
  }
  t.equal(wrong, 0);
});

t.test("S19 decoding is what the definition says, and encoding undoes it", async () => {
  fc.assert(
    fc.property(bytes$, (bytes) => {
      const text = decodeAll(bytes);
      return text === model(bytes) && Buffer.compare(encode(text), bytes) === 0;
    }),
    { numRuns: 3000 },
  );
});

t.test("S19 nothing is lost however the bytes are cut", async () => {
  fc.assert(
    fc.property(bytes$, fc.array(fc.nat({ max: 12 })), (bytes, cuts) => {
      let text = "";
      let at = 0;
      for (const size of [...cuts, bytes.length]) {
        const end = Math.min(at + size, bytes.length);
        text += decode(bytes, at, end);
        at = end;
      }
      return Buffer.compare(encode(text), bytes) === 0;
    }),
    { numRuns: 3000 },
  );
});

t.test("decode keeps to its range", async () => {
  fc.assert(
    fc.property(bytes$, bytes$, bytes$, (before, bytes, after) => {
      const all = new Uint8Array(Buffer.concat([before, bytes, after]));
      return decode(all, before.length, before.length + bytes.length) === decodeAll(bytes);
    }),
  );
});

t.test("any string: length, copy and encoding agree, and with Node's but for the escapes", async () => {
  fc.assert(
    fc.property(units$, fc.nat({ max: 5 }), (text, offset) => {
      const bytes = encode(text);
      const target = new Uint8Array(offset + bytes.length + 3).fill(0x55);
      const written = encodeInto(text, target, offset);
      const plain = text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\udc80-\udcff]/g, (s) =>
        s.length === 2 ? s : "",
      );
      const hasEscapes = plain !== text;
      return (
        encodedLength(text) === bytes.length &&
        written === bytes.length &&
        Buffer.compare(target.subarray(offset, offset + written), bytes) === 0 &&
        target.subarray(0, offset).every((b) => b === 0x55) &&
        target.subarray(offset + written).every((b) => b === 0x55) &&
        (hasEscapes || Buffer.compare(bytes, encoder.encode(text)) === 0)
      );
    }),
    { numRuns: 3000 },
  );
});

t.test("encodeInto writes whole characters, as many as fit", async (t) => {
  for (const [text, room, written] of [
    ["ab\u20ac", 4, 2],
    ["ab\u20ac", 5, 5],
    ["\udcff\u20ac", 3, 1],
    ["\udcff\u{1f600}", 4, 1],
    ["\udcff\udcfe", 1, 1],
    ["a", 0, 0],
    ["\udcff", 0, 0],
  ] as const) {
    const target = new Uint8Array(room + 2);
    t.equal(encodeInto(text, target, 2), written, `${escape(text)} into ${room}`);
  }
});

t.test("S19 a large text, of which one byte is invalid", async (t) => {
  const bytes = Buffer.from("h\u00e9llo \u{1f600}\n".repeat(20_000));
  bytes[100_001] = 0xff;
  const text = decodeAll(bytes);
  t.ok(text.includes("\udcff"));
  t.equal(Buffer.compare(encode(text), bytes), 0);
});
