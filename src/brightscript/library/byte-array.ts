/** roByteArray, as programs see it: the same class as in TypeScript, with the language's operators and volumes. */
import { constants } from "node:fs";
import { RoByteArray } from "../../components/byte-array.js";
import { interfaces, parseMethod } from "../../components/interfaces.js";
import { type Access, pathOf, withFile } from "../app/volumes.js";
import { callable, type Enumeration, expose, type Protocol } from "../runtime/component.js";
import { toInteger } from "../runtime/convert.js";
import { isNumeric } from "../runtime/numbers.js";
import { unboxed, type Value } from "../runtime/values.js";
import { place } from "./sequence.js";
import { tableOf } from "./sockets.js";

expose(RoByteArray, "roByteArray", {
  ...tableOf("roByteArray"),
  ifArraySizeInfo: ["isResizable() as Boolean", "capacity() as Integer"],
});

/** The number that a byte is set to; undefined when the value is none, and is to be ignored. */
const byteOf = (value: Value): number | undefined =>
  isNumeric(unboxed(value)) ? toInteger(value) : undefined;

function setByte(bytes: RoByteArray, index: number, value: Value): void {
  const byte = typeof value === "number" ? value : byteOf(value);
  if (byte !== undefined) bytes.setEntry(index, byte);
}

const protocol: Partial<Protocol & Enumeration> & ThisType<RoByteArray> = {
  $$index(key) {
    return this.getEntry(place(key));
  },
  $$setIndex(key, value) {
    setByte(this, place(key), value);
  },
  $$each() {
    this.reset();
    return this as RoByteArray & Enumeration;
  },
  $$more() {
    return this.isNext();
  },
  $$take() {
    return this.next();
  },
  $$members() {
    return { brackets: ["[", "]"], entries: Array.from(this, (byte) => ["", byte] as const) };
  },
};

const { O_APPEND, O_CREAT, O_RDONLY, O_WRONLY } = constants;
const files = {
  readFile: ["read", O_RDONLY],
  writeFile: ["write", O_WRONLY | O_CREAT], // What is there is cut off only when the arguments are good.
  appendFile: ["write", O_WRONLY | O_CREAT | O_APPEND],
} as const satisfies Record<string, readonly [Access, number]>;

/** A method for a file, which takes a path of a volume. */
function fileMethod(name: keyof typeof files): Value {
  const [access, mode] = files[name];
  const signature = interfaces.ifByteArray.find((each) => each.startsWith(name))!;
  return callable(
    parseMethod(signature),
    function (this: RoByteArray, path: string, start?: number, length?: number) {
      return withFile(path, access, mode, (file) => this[name](pathOf(file), start, length)) ?? false;
    },
    "wrongComponentCount",
  );
}

/** Methods that take any value, of which they ignore what is no number. */
const setters: Readonly<Record<string, (this: RoByteArray, ...values: never[]) => void>> = {
  "setEntry(index as Integer, value as Dynamic) as Void": function (index: number, value: Value) {
    setByte(this, index, value);
  },
  "push(value as Dynamic) as Void": function (value: Value) {
    const byte = byteOf(value);
    if (byte !== undefined) this.push(byte);
  },
  "unshift(value as Dynamic) as Void": function (value: Value) {
    const byte = byteOf(value);
    if (byte !== undefined) this.unshift(byte);
  },
};

const define = (name: string, value: unknown): void => {
  Object.defineProperty(RoByteArray.prototype, name, { value, configurable: true, writable: true });
};
for (const [name, value] of Object.entries(protocol)) define(name, value);
for (const name of Object.keys(files) as (keyof typeof files)[])
  define(`$${name.toLowerCase()}`, fileMethod(name));
for (const [signature, body] of Object.entries(setters)) {
  const method = parseMethod(signature);
  define(`$${method.name.toLowerCase()}`, callable(method, body, "wrongComponentCount"));
}

export { RoByteArray };
