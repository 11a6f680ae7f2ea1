/** Arguments, right and wrong, for the types of the table of interfaces. */

import fc from "fast-check";
import { RoByteArray, RoMessagePort, RoSocketAddress } from "rosock";
import type { Argument, Method } from "#src/components/interfaces.js";

/** What arguments that are components are chosen from. */
export interface Pool {
  readonly arrays: RoByteArray[];
  readonly addresses: RoSocketAddress[];
  readonly groups: RoSocketAddress[];
  readonly ports: RoMessagePort[];
}

/** An argument; its text is what a failure shows. */
export class Value {
  constructor(
    readonly text: string,
    readonly of: (pool: Pool) => unknown,
  ) {}
  toString(): string {
    return this.text;
  }
}

const constant = (text: string, value: unknown): Value => new Value(text, () => value);
const show = (value: unknown): Value => constant(JSON.stringify(value), value);

export const least = -(2 ** 31);
export const most = 2 ** 31 - 1;

const ends = [least, least + 1, -65_536, -1, 0, 1, 2, 255, 256, 1500, 65_507, 65_535, 65_536, most - 1, most];
const integer = fc.oneof(fc.constantFrom(...ends), fc.nat({ max: 3000 }), fc.integer()).map(show);
/** Sizes and positions of byte arrays: what is larger would only cost memory. */
const small = fc
  .oneof(fc.constantFrom(least, -1, 0, 1, most), fc.integer({ min: -5, max: 20_000 }))
  .map(show);
/** 0 waits for ever. */
const milliseconds = fc.constantFrom(least, -1, 1, 2, 7).map(show);

// What might be a name is left out: it would be looked up. "localhost" is in the system's own list.
const notNames = [
  "",
  ":",
  "1.2.3",
  "1.2.3.4.5",
  "a:b:c",
  "127.0.0.1:65536",
  "127.0.0.1:-1",
  "0x7f.1",
  "\0",
  " a b",
  "ä",
];
const hosts = [
  "localhost",
  "127.0.0.1",
  "127.0.0.1:9",
  "0.0.0.0:0",
  "127.255.255.254:65535",
  "x".repeat(5000),
];
const noFiles = ["", "\0", "/", "/nonexistent/x", "/proc/self/mem/x"].map(show);
const text = fc
  .oneof(
    fc.constantFrom(
      ...notNames,
      "\u{1f600}",
      "\udc80\udcff",
      "\ud800",
      "00ff",
      "AAECAw==",
      "y".repeat(30_000),
    ),
    fc.string({ unit: "binary", maxLength: 40 }),
  )
  .map(show);

const components = fc.tuple(fc.constantFrom("array", "address", "port", "group"), fc.nat({ max: 9 })).map(
  ([kind, index]) =>
    new Value(`${kind}${index}`, (pool) => {
      const list: object[] =
        kind === "array"
          ? pool.arrays
          : kind === "address"
            ? pool.addresses
            : kind === "port"
              ? pool.ports
              : pool.groups;
      return list[index % list.length];
    }),
);
const only = (kind: string): fc.Arbitrary<Value> => components.filter((value) => value.text.startsWith(kind));
const foreign = [
  constant("null", null),
  constant("{}", {}),
  constant("[]", []),
  constant("a Uint8Array", new Uint8Array(8)),
  constant("RoByteArray's prototype", RoByteArray.prototype),
  constant("RoMessagePort's prototype", RoMessagePort.prototype),
  constant("what only looks like an address", Object.create(RoSocketAddress.prototype)),
];

/** What is of no type that a method takes. */
const wrong = [
  ...[Number.NaN, 2 ** 31, least - 1, 2 ** 40, -(2 ** 40), 0.5, Number.POSITIVE_INFINITY].map((value) =>
    constant(String(value), value),
  ),
  constant("undefined", undefined),
  constant("1n", 1n),
  constant("a Symbol", Symbol("s")),
  constant("a function", () => 1),
];

/** Arguments of a type that lead to another method's business, or to waiting. */
const special: Record<string, fc.Arbitrary<Value>> = {
  "writeFile path": fc.constantFrom(...noFiles),
  "appendFile path": fc.constantFrom(...noFiles),
  "readFile path": fc.constantFrom(...noFiles, show("/proc/self/stat")),
  "setAddress address": fc.constantFrom(...notNames, ...hosts).map(show),
  "setHostName name": fc.constantFrom(...notNames, ...hosts).map(show),
};

const right: Record<string, fc.Arbitrary<Value>> = {
  Integer: integer,
  Boolean: fc.boolean().map(show),
  String: text,
  Object: fc.oneof(
    { arbitrary: components, weight: 4 },
    { arbitrary: fc.constantFrom(...foreign), weight: 1 },
  ),
};
right["Object|String"] = fc.oneof(right.Object!, text);

/** A value of the argument's type: what the type check lets through. */
export function fitting(component: string, method: Method, argument: Argument): fc.Arbitrary<Value> {
  if (argument.type === "String") {
    const chosen = special[`${method.name} ${argument.name}`];
    if (chosen) return chosen;
  }
  if (argument.type === "Integer") {
    if (component === "roByteArray") return small;
    if (component === "roMessagePort") return milliseconds;
    // Not what listens on this machine by chance.
    if (method.name === "setPort") return fc.constantFrom(...ends).map(show);
    // A byte array grows as far as a receive begins.
    if (argument.name === "startIndex") return small;
  }
  if (argument.type === "Object" && component !== "roByteArray") {
    const kind = { address: "address", data: "array", port: "port" }[argument.name];
    const group = method.name === "joinGroup" || method.name === "dropGroup";
    if (kind) {
      return fc.oneof(
        { arbitrary: only(group ? "group" : kind), weight: 6 },
        { arbitrary: right.Object!, weight: 1 },
      );
    }
  }
  return right[argument.type]!;
}

/** A value that is not of the argument's type. */
export function unfitting(argument: Argument): fc.Arbitrary<Value> {
  const others = [...wrong];
  if (argument.type !== "Boolean") others.push(show(true));
  if (!argument.type.includes("String")) others.push(show("1"));
  if (argument.type !== "Integer") others.push(show(1));
  if (!argument.type.includes("Object")) others.push(constant("null", null), constant("{}", {}));
  return fc.constantFrom(...others);
}
