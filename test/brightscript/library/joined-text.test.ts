/** Row S19: text that arrives in pieces is text again when a program joins it, and bytes that are none are kept. */
import fc from "fast-check";
import t from "tap";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { $ } from "#src/brightscript/runtime/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import { decode, encode } from "#src/text.js";
import "#src/brightscript/library/sockets.js";
import { connectedPair, patience, waitFor } from "../../support/index.js";
import { functionsOf } from "../language/run.js";
import { call, g } from "./call.js";

const piece = (bytes: Uint8Array): string => decode(bytes, 0, bytes.length);

/** The bytes cut at these places, each piece decoded by itself, as receiveStr() does it. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): string[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((end, i) => piece(bytes.subarray(places[i], end)));
}

const xml = (texts: readonly string[]): Value => {
  const element = g.createobject!("roXMLElement");
  call(element, "setName", "a");
  for (const text of texts) call(element, "addText", text);
  return call(element, "getText");
};

const append = (texts: readonly string[]): Value => {
  const made = g.createobject!("roString");
  for (const text of texts) call(made, "appendString", text, text.length);
  return call(made, "getString");
};

const { plus, update, prepend, typed } = functionsOf(`
function plus(texts)
  if texts.count() = 0 then return ""
  half = texts.count() \\ 2
  if half = 0 then return texts[0]
  return plus(texts.slice(0, half)) + plus(texts.slice(half))
end function

function update(texts)
  made = {text: ""}
  for each text in texts
    made.text += text
  end for
  return made.text
end function

function prepend(texts)
  made = ""
  for i = texts.count() - 1 to 0 step -1
    made = texts[i] + made
  end for
  return made
end function

function typed(texts)
  made$ = ""
  for each text in texts
    made$ = made$ + text
  end for
  return made$
end function
`);

const template = (texts: readonly string[], field: (i: number) => string): string =>
  texts.map((_, i) => field(i)).join("");

/** Every way in which a program puts a string together from others. */
const ways: Readonly<Record<string, (texts: readonly string[]) => Value>> = {
  "+": (texts) => plus!($.array([...texts])),
  "+=": (texts) => update!($.array([...texts])),
  "+ at the front": (texts) => prepend!($.array([...texts])),
  "a typed variable": (texts) => typed!($.array([...texts])),
  "boxed strings": (texts) => texts.reduce<Value>((made, text) => $.add(g.box!(made), g.box!(text)), ""),
  join: (texts) => call($.array([...texts]), "join", ""),
  appendString: append,
  substitute: (texts) => texts.reduce<Value>((made, text) => g.substitute!("{0}^1", made, text), ""),
  replace: (texts) =>
    texts.reduce<Value>((made, text) => call(`${made}\u0001`, "replace", "\u0001", text), ""),
  "removing what is between": (texts) => call(texts.join("\u0001"), "replace", "\u0001", ""),
  format: (texts) =>
    call(
      template(texts, () => "%s"),
      "format",
      ...texts,
    ),
  arg: (texts) => texts.reduce<Value>((made, text) => call("%1%2", "arg", made, text), ""),
  "regex, removing what is between": (texts) =>
    call(g.createobject!("roRegex", "\\x01", ""), "replaceAll", texts.join("\u0001"), ""),
  "text of XML": xml,
  "JSON with escapes": (texts) => g.parsejson!(g.formatjson!(texts.join(""))),
};

/** Without what has a meaning where some of the ways put it. */
const special = ["\0", "\u0001", "|", "%", "{", "}", "^"];
const textWithin = fc
  .string({ unit: "binary", maxLength: 12 })
  .map((text) => special.reduce((made, each) => made.replaceAll(each, "x"), text));
const cuts = fc.array(fc.nat(60), { maxLength: 40 });

for (const [name, join] of Object.entries(ways)) {
  t.test(`S19 any text, cut anywhere, is itself when it is joined: ${name}`, async () => {
    fc.assert(
      fc.property(textWithin, cuts, fc.boolean(), (text, places, withNothing) => {
        const all = pieces(encode(text), places);
        // A receive that has nothing gives "", which is joined as well.
        return join(withNothing ? all.flatMap((each) => ["", each, ""]) : all) === text;
      }),
      { numRuns: 300 },
    );
  });

  t.test(`S19 any bytes, cut anywhere, are what they were: ${name}`, async () => {
    const byte = fc.oneof(
      fc.constantFrom(0x41, 0x80, 0x93, 0x9c, 0xa9, 0xbf, 0xc3, 0xe2, 0xed, 0xf0, 0xff),
      fc.integer({ min: 0x80, max: 0xff }),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 24 }), cuts, (values, places) => {
        const bytes = Uint8Array.from(values);
        const joined = join(pieces(bytes, places)) as string;
        return joined === piece(bytes) && Buffer.compare(encode(joined), bytes) === 0;
      }),
      { numRuns: 300 },
    );
  });
}

t.test("S19 repetition joins, too", async (t) => {
  const [first, second] = pieces(encode("é"), [1]) as [string, string];
  t.equal(g.string!(3, second + first), `${second}éé${first}`);
});

t.test("S19 what comes of it is text for everything that looks at text", async (t) => {
  const joined = pieces(
    encode("Zoë ✓ 🎈!"),
    Array.from({ length: 16 }, (_, i) => i),
  ).reduce<Value>((made, text) => $.add(made, text), "") as string;
  const aa = RoAssociativeArray.of({ "Zoë ✓ 🎈!": 7 });
  const regex = g.createobject!("roRegex", "^\\w+ë . 🎈!$", "");
  const found = {
    len: g.len!(joined),
    left: g.left!(joined, 3),
    mid: g.mid!(joined, 7, 1),
    right: g.right!(joined, 2),
    instr: g.instr!(1, joined, "✓"),
    asc: g.asc!(g.mid!(joined, 3, 1)),
    ucase: g.ucase!(joined),
    key: $.index(aa, joined),
    regex: call(regex, "isMatch", joined),
    json: g.formatjson!(joined),
    unescaped: g.formatjson!(joined, 1),
    component: call(joined, "encodeUriComponent"),
    escape: call(g.createobject!("roUrlTransfer"), "escape", joined),
    path: call(g.createobject!("roPath", $.add("tmp:/", joined)), "getString"),
    less: $.lt(joined, 'Zoë ✓ 🎈"'),
    split: call(call(joined, "split", ""), "count"),
  };
  t.strictSame(found, {
    len: 8,
    left: "Zoë",
    mid: "🎈",
    right: "🎈!",
    instr: 5,
    asc: 235,
    ucase: "ZOË ✓ 🎈!",
    key: 7,
    regex: true,
    json: '"Zo\\u00EB \\u2713 \\uD83C\\uDF88!"',
    unescaped: '"Zoë ✓ 🎈!"',
    component: "Zo%C3%AB%20%E2%9C%93%20%F0%9F%8E%88!",
    escape: "Zo%C3%AB%20%E2%9C%93%20%F0%9F%8E%88%21",
    path: "",
    less: true,
    split: 8,
  });
});

t.test("S19 a byte that is no text is not found in the second half of a character", async (t) => {
  const balloon = "a🎈b"; // U+D83C U+DF88
  const skull = "a💀b"; // U+D83D U+DC80
  const byte = piece(Uint8Array.of(0x80));
  for (const text of [balloon, skull]) {
    t.equal(g.instr!(1, text, byte), 0);
    t.equal(call(text, "instr", byte), -1);
    t.equal(call(text, "replace", byte, "x"), text);
    t.equal(call(call(text, "split", byte), "count"), 1);
    t.equal(call(call(text, "tokenize", byte), "count"), 1);
    t.equal(call(g.left!(text, 2), "endsWith", byte), false);
  }
  t.equal(call(`${skull}${byte}`, "instr", byte), 3);
  t.equal(call(`${skull}${byte}c`, "replace", byte, "x"), `${skull}xc`);
  t.equal(call($.add("💀", byte), "endsWith", byte), true);
  t.equal($.add("💀", byte), `💀${byte}`, "nor is it joined with one");
});

t.test("half of a pair in JSON is a replacement character, an escaped byte the byte", async (t) => {
  t.equal(g.parsejson!('"\\ud83c"'), "\ufffd");
  t.equal(g.parsejson!('"\\udf88"'), "\ufffd");
  t.equal(g.parsejson!('"\\ud83c\\udf88"'), "🎈");
  t.equal(g.parsejson!('"\\uDCC3x\\uDCC3\\uDCA9"'), "\udcc3xé");
});

t.test("S19 a program that receives byte by byte has the text", async (t) => {
  const { client, server } = connectedPair(t);
  const text = "naïve – 日本語 – 😀😀\n";
  client.sendStr(text);
  await waitFor(() => server.getCountRcvBuf() === encode(text).length, "everything to have arrived");
  const { line } = functionsOf(`
function line(socket)
  made = ""
  while true
    c = socket.receiveStr(1)
    if c = chr(10) or c = "" then return made
    made += c
  end while
end function
`);
  t.equal(line!(server), text.trimEnd());
});

t.test("appending byte by byte takes linear time, also of what is no text", async (t) => {
  const appendAll = (bytes: Uint8Array): number => {
    const start = process.hrtime.bigint();
    let made: Value = "";
    for (let at = 0; at < bytes.length; at++) made = $.add(made, piece(bytes.subarray(at, at + 1)));
    t.equal((made as string).length > 0 && Buffer.compare(encode(made as string), bytes), 0);
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  const chinese = encode("漢字".repeat(60_000));
  const noise = Uint8Array.from({ length: 400_000 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 13) & 0xff);
  // Two seconds, or far more than a minute when each byte has the text copied.
  for (const bytes of [chinese, noise]) t.ok(appendAll(bytes) < 20_000 * patience);
});
