/** roByteArray, as programs see it: the same class as in TypeScript, with the language's operators and volumes. */
import { constants } from "node:fs";
import { RoByteArray } from "../../components/byte-array.js";
import { interfaces, parseMethod } from "../../components/interfaces.js";
import { type Access, pathOf, withFile } from "../app/volumes.js";
import { callable, expose, type Protocol } from "../runtime/component.js";
import { toInteger } from "../runtime/convert.js";
import type { Value } from "../runtime/values.js";
import { tableOf } from "./sockets.js";

expose(RoByteArray, "roByteArray", tableOf("roByteArray"));

const protocol: Partial<Protocol> & ThisType<RoByteArray> = {
  $$index(key) {
    return this.getEntry(toInteger(key));
  },
  $$setIndex(key, value) {
    this.setEntry(toInteger(key), toInteger(value));
  },
  $$each() {
    return this[Symbol.iterator]();
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

const define = (name: string, value: unknown): void => {
  Object.defineProperty(RoByteArray.prototype, name, { value, configurable: true, writable: true });
};
for (const [name, value] of Object.entries(protocol)) define(name, value);
for (const name of Object.keys(files) as (keyof typeof files)[])
  define(`$${name.toLowerCase()}`, fileMethod(name));

export { RoByteArray };
