import { join } from "node:path";
import { inspect } from "node:util";
import { RoDataGramSocket, RoMessagePort, RoSocketAddress } from "rosock";
import t from "tap";
import { storageOf } from "#src/bytes.js";
import { commit, bytesOf as memoryOf, RoByteArray } from "#src/components/byte-array.js";
import { hang, timed } from "../support/index.js";

const MOST = 2 ** 31 - 1;
const of = (...values: number[]) => RoByteArray.from(values);
const bytesOf = (array: RoByteArray) => [...array.toUint8Array()];
const memory = (array: RoByteArray): Uint8Array => storageOf(memoryOf(array));
const ascii = (text: string) => {
  const array = new RoByteArray();
  array.fromAsciiString(text);
  return array;
};
const fixed = (size: number, ...values: number[]) => {
  const array = of(...values);
  array.setResize(size, false);
  return array;
};

t.test("the page's examples", async (t) => {
  t.equal(ascii("leasure.").toBase64String(), "bGVhc3VyZS4=");
  const array = new RoByteArray();
  array.fromHexString("00FF1001");
  t.same(bytesOf(array), [0, 255, 16, 1]);
  t.equal(ascii("Hello world!").getCRC32(), 461707669);

  const path = join(t.testdir(), "ByteArrayTestFile");
  const written = new RoByteArray();
  for (let x = 0; x <= 4000; x++) written.push(x);
  t.ok(written.writeFile(path));
  const read = new RoByteArray();
  t.ok(read.readFile(path));
  t.same(bytesOf(read), bytesOf(written));
  t.ok(read.readFile(path, 10, 100));
  t.same(
    bytesOf(read),
    Array.from({ length: 100 }, (_, i) => i + 10),
  );

  const sliced = of(99, 26, 26, 36, 42);
  t.same(bytesOf(sliced.slice(2)), [26, 36, 42]);
  t.same(bytesOf(sliced.slice(1, 3)), [26, 26]);
  t.same(bytesOf(sliced.slice(-2)), [36, 42]);
  t.same(bytesOf(sliced.slice(1, 1)), []);
});

t.test("a fresh array is empty and gives invalid everywhere", async (t) => {
  const array = new RoByteArray();
  t.equal(array.count(), 0);
  t.equal(array.length, 0);
  t.ok(array.isEmpty());
  t.notOk(array.isNext());
  for (const value of [array.peek(), array.pop(), array.shift(), array.next(), array.getEntry(0)])
    t.equal(value, null);
  for (const value of [array.getSignedByte(0), array.getSignedLong(0), array.getCRC32()]) t.equal(value, 0);
  for (const text of [array.toHexString(), array.toBase64String(), array.toAsciiString()]) t.equal(text, "");
  t.notOk(array.delete(0));
  t.same(bytesOf(array.slice()), []);
});

t.test("values keep their low eight bits", async (t) => {
  const array = new RoByteArray();
  for (const value of [-1, 256, 1000, -(2 ** 31), MOST]) array.push(value);
  array.unshift(-30);
  array.setEntry(6, 511);
  t.same(bytesOf(array), [226, 255, 0, 232, 0, 255, 255]);
  t.same(bytesOf(of(1.6, Number.NaN, -1)), [1, 0, 255]);
});

t.test("setEntry past the end fills with zeros; indices never written give invalid", async (t) => {
  const array = of(7);
  array.setEntry(512, 9);
  t.equal(array.count(), 513);
  t.equal(array.getEntry(0), 7);
  t.equal(array.getEntry(511), 0);
  t.equal(array.getEntry(512), 9);
  for (const index of [-1, 513, MOST, -(2 ** 31)]) t.equal(array.getEntry(index), null, `${index}`);
  array.setEntry(-1, 5);
  t.equal(array.count(), 513, "a negative index is ignored");
});

t.test("what was removed does not come back", async (t) => {
  const removers: [string, (array: RoByteArray) => void][] = [
    ["clear", (array) => array.clear()],
    ["pop", (array) => [array.pop(), array.pop(), array.pop()]],
    ["shift", (array) => [array.shift(), array.shift(), array.shift()]],
    ["delete", (array) => [array.delete(0), array.delete(1), array.delete(0)]],
    ["fromHexString", (array) => array.fromHexString("")],
    ["fromBase64String", (array) => array.fromBase64String("")],
    ["fromAsciiString", (array) => array.fromAsciiString("")],
    ["readFile", (array) => array.readFile("/dev/null")],
  ];
  for (const [name, remove] of removers) {
    const array = of(1, 2, 3);
    remove(array);
    t.ok(array.isEmpty(), name);
    array.setEntry(3, 4);
    t.same(bytesOf(array), [0, 0, 0, 4], name);
  }
});

t.test("append", async (t) => {
  const array = of(1, 2);
  array.append(of(3));
  array.append(array);
  t.same(bytesOf(array), [1, 2, 3, 1, 2, 3]);
  array.append(null);
  array.append({} as RoByteArray);
  t.equal(array.count(), 6, "anything else is ignored");
});

t.test("slice and toUint8Array are copies", async (t) => {
  const array = of(1, 2, 3);
  const copies = [array.slice().toUint8Array(), array.toUint8Array()];
  const sliced = array.slice(0, 2);
  copies[1]![0] = 99;
  array.setEntry(1, 77);
  t.same([...copies[0]!], [1, 2, 3]);
  t.same(bytesOf(sliced), [1, 2]);
  t.same(bytesOf(array), [1, 77, 3]);
  t.equal(array.toUint8Array().buffer.byteLength, 3, "no more than the bytes");
});

t.test("a fixed size refuses what would make it larger", async (t) => {
  const array = fixed(3, 1, 2);
  t.equal(array.count(), 2, "setResize leaves the count alone");
  t.equal(array.limit(), 3);
  array.append(of(3, 4));
  t.same(bytesOf(array), [1, 2], "append: all or nothing");
  array.push(3);
  array.push(4);
  array.unshift(0);
  array.setEntry(3, 4);
  array.append(of(4));
  array.fromHexString("00000000");
  array.fromBase64String("AAAAAA==");
  array.fromAsciiString("text");
  t.notOk(array.readFile("/proc/self/stat"));
  t.notOk(array.reserve(4));
  t.same(bytesOf(array), [1, 2, 3]);
  array.setEntry(2, 9);
  t.ok(array.reserve(3));
  t.same(bytesOf(array), [1, 2, 9], "writing within is allowed");
  array.clear();
  array.fromAsciiString("new");
  t.equal(array.toAsciiString(), "new");
  t.equal(array.limit(), 3, "clear keeps the size");
  array.setResize(2, false);
  t.equal(array.limit(), 3, "it never gets smaller");
  array.setResize(-5, false);
  t.equal(array.limit(), 3);
  array.setResize(4, false);
  t.equal(array.limit(), 4);
  array.setResize(0, true);
  array.append(of(1, 2, 3, 4));
  t.equal(array.count(), 7, "and may grow again");
  t.equal(array.limit(), MOST);
});

t.test("a fixed size within memory that is larger", async (t) => {
  const array = of(1);
  array.setEntry(99, 1);
  array.clear();
  array.setResize(2, false);
  t.ok(memory(array).length > 2);
  for (let i = 0; i < 5; i++) array.push(i);
  t.same(bytesOf(array), [0, 1]);
});

t.test("the largest index is refused, not died of", async (t) => {
  const array = of(1);
  array.setEntry(MOST, 1);
  t.equal(array.count(), 1, "2^31 bytes are one too many");
  t.notOk(array.reserve(2 ** 31));
});

t.test("hexadecimal", async (t) => {
  const array = of(0, 1, 0xab, 0xff);
  t.equal(array.toHexString(), "0001ABFF", "upper case");
  array.fromHexString("deadBEEF");
  t.equal(array.toHexString(), "DEADBEEF", "either case is read");
  array.fromHexString("ABC");
  t.equal(array.toHexString(), "DEADBEEF", "an odd number changes nothing");
  array.fromHexString("0#FFD801..FF");
  t.equal(array.toHexString(), "00FFD80100FF", "what is no digits gives 0");
  array.fromHexString("1 -1+10xİ0");
  t.equal(array.toHexString(), "0000000000");
  array.fromHexString("");
  t.ok(array.isEmpty());
});

t.test("base 64", async (t) => {
  const array = new RoByteArray();
  for (const [text, hex] of [
    ["", ""],
    ["AA==", "00"],
    ["AAE=", "0001"],
    ["+/+/", "FBFFBF"],
    ["AAE", "0001"],
    ["bGVh\r\nc3Vy ZS4=\n", "6C6561737572652E"],
  ] as const) {
    array.fromBase64String(text);
    t.equal(array.toHexString(), hex, JSON.stringify(text));
  }
  array.fromHexString("2A");
  for (const text of [
    "A",
    "AAAAA",
    "AA=A",
    "====",
    "=",
    "AAE==",
    "AA=",
    "AAAA=",
    "-_-_",
    "AA==AA==",
    "\u0141\u0141",
  ]) {
    array.fromBase64String(text);
    t.equal(array.toHexString(), "2A", `${text} changes nothing`);
  }
});

t.test("S19 text", async (t) => {
  const array = ascii("gr\u00fcn \u{1f600}\udcff");
  t.equal(array.toHexString(), "6772C3BC6E20F09F9880FF");
  t.equal(array.toAsciiString(), "gr\u00fcn \u{1f600}\udcff");
  array.fromAsciiString("a\0b");
  t.equal(array.count(), 3, "a zero byte is kept");
  t.equal(array.toAsciiString(), "a", "and ends toAsciiString");
  array.fromAsciiString("\0");
  t.equal(array.toAsciiString(), "");
  const full = fixed(16);
  full.fromAsciiString("0123456789abcdef");
  t.equal(full.toAsciiString(), "0123456789abcdef", "no zero byte after the last");
});

t.test("signed numbers", async (t) => {
  const array = of(0x00, 0xff, 0x10, 0x01, 0x80, 0x7f);
  t.same(
    [-1, 0, 1, 4, 5, 6, MOST].map((i) => array.getSignedByte(i)),
    [0, 0, -1, -128, 127, 0, 0],
  );
  t.equal(array.getSignedLong(0), 17891072);
  t.equal(array.getSignedLong(1), 0x800110ff | 0, "a byte index, no alignment");
  t.equal(array.getSignedLong(2), 0x7f800110);
  for (const index of [3, 5, 6, -1, MOST, -(2 ** 31)]) t.equal(array.getSignedLong(index), 0, `${index}`);
  t.type(array.isLittleEndianCPU(), "boolean");
});

t.test("CRC-32", async (t) => {
  const array = ascii("123456789");
  t.equal(array.getCRC32(), 0xcbf43926 | 0, "signed; the usual check value");
  t.equal(array.getCRC32(0, 9), 0xcbf43926 | 0);
  t.equal(array.getCRC32(2, 3), ascii("345").getCRC32());
  t.equal(array.getCRC32(7, MOST), ascii("89").getCRC32(), "what lies past the end is left out");
  for (const [start, length] of [
    [-1, 2],
    [0, -1],
    [10, 1],
    [9, 1],
    [3, 0],
  ] as const) {
    t.equal(array.getCRC32(start, length), 0, `${start}, ${length}`);
  }
});

t.test("enumeration", async (t) => {
  const array = of(1, 0, 3);
  const all = () => {
    const values: (number | null)[] = [];
    while (array.isNext()) values.push(array.next());
    return values;
  };
  t.same(all(), [1, 0, 3]);
  t.equal(array.next(), null);
  t.same([...array], [1, 0, 3], "iterating is independent of it");
  array.push(4);
  t.same(all(), [4], "it goes on with what was added");
  array.reset();
  t.same(all(), [1, 0, 3, 4]);
  array.pop();
  t.notOk(array.isNext());
  array.fromHexString("0A0B");
  t.same(all(), [10, 11], "new contents start it over");
});

t.test("from", async (t) => {
  t.same(bytesOf(RoByteArray.from(new Set([1, 257]))), [1, 1]);
  t.same(bytesOf(RoByteArray.from(Buffer.from("ab").subarray(1))), [98]);
  t.same(bytesOf(RoByteArray.from(of(5, 6))), [5, 6]);
  t.same(bytesOf(RoByteArray.from([])), []);
  const source = Uint8Array.of(1);
  const made = RoByteArray.from(source);
  source[0] = 2;
  t.same(bytesOf(made), [1], "a copy");
  for (const wrong of [null, undefined, 5, "abc", {}, [1, "2"], [1n], [null]]) {
    t.throws(() => RoByteArray.from(wrong as Iterable<number>), {
      name: "TypeError",
      code: "ERR_INVALID_ARG_TYPE",
    });
  }
});

t.test("inspect", async (t) => {
  t.equal(inspect(new RoByteArray()), "RoByteArray(0) []");
  t.equal(inspect(of(1, 2, 255)), "RoByteArray(3) [ 01 02 ff ]");
  const long = inspect(RoByteArray.from(new Uint8Array(40)));
  t.match(long, /^RoByteArray\(40\) \[ (00 ){32}\.\. 8 more \]$/);
});

t.test("the sockets' side: reserve, write into the storage, commit", async (t) => {
  const array = of(1, 2);
  t.ok(array.reserve(100));
  const storage = memory(array);
  t.ok(storage.length >= 100);
  t.equal(storage.buffer.byteLength, storage.length, "a buffer of its own");
  t.equal(array.count(), 2, "reserving changes nothing");
  t.ok(array.reserve(50));
  t.equal(memory(array), storage, "nor moves what is large enough");
  storage.set([8, 9], 4);
  commit(array, 6);
  t.same(bytesOf(array), [1, 2, 0, 0, 8, 9]);
  storage.set([7], 0);
  commit(array, 1);
  t.same(bytesOf(array), [7, 2, 0, 0, 8, 9], "it never shrinks");
});

/** Every object that can be reached from a value by its properties and its prototype's. */
function reachable(value: unknown, found = new Set<object>()): Set<object> {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || found.has(value))
    return found;
  if (value === Object.prototype || value === Function.prototype) return found;
  found.add(value);
  for (const key of Reflect.ownKeys(value)) {
    const { value: held } = Object.getOwnPropertyDescriptor(value, key)!;
    reachable(held, found);
  }
  return reachable(Object.getPrototypeOf(value), found);
}

t.test("no memory can be reached from the components, so none can be taken away from them", async (t) => {
  const array = of(1, 2, 3);
  const socket = new RoDataGramSocket();
  const address = new RoSocketAddress();
  address.setAddress("127.0.0.1:0");
  socket.setAddress(address);
  socket.setSendToAddress(socket.getAddress());
  // What a method gets that is replaced is out of the components' hands.
  const given: unknown[] = [];
  const hooks = socket as unknown as Record<"take" | "put", (...values: unknown[]) => number>;
  for (const name of ["take", "put"] as const) {
    const original = hooks[name];
    hooks[name] = (...values) => {
      given.push(...values);
      return original.apply(socket, values);
    };
  }
  t.equal(socket.send(array, 0, 3), 3);
  t.equal(socket.receive(array, 3, 10), 3);
  t.equal(socket.sendStr("text"), 4);
  t.equal(socket.receiveStr(10), "text");
  const port = new RoMessagePort();
  socket.setMessagePort(port);
  socket.notifyReadable(true);
  t.equal(port.getMessage(), null);
  t.equal(given.length, 4 * 3);
  const memories = [...reachable([array, socket, port, address, given])].filter(
    (object) => ArrayBuffer.isView(object) || object instanceof ArrayBuffer,
  );
  t.same(memories, []);
  t.same(bytesOf(array), [1, 2, 3, 1, 2, 3]);
  socket.close();
});

t.test("many bytes are pushed in little time", async (t) => {
  const array = new RoByteArray();
  // With a copy of all of them each time, it would be hours.
  const { milliseconds } = timed(() => {
    for (let i = 0; i < 2_000_000; i++) array.push(i);
  });
  t.ok(milliseconds < hang, `${milliseconds} ms`);
  t.equal(array.count(), 2_000_000);
});
