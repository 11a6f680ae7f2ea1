/** What compiled programs call: the object that they know as `$`. */
import { adopt } from "../../text.js";
import { RoArray } from "../library/array.js";
import { RoAssociativeArray } from "../library/associative-array.js";
import { g } from "../library/global/index.js";
import { Interface } from "../library/interface.js";
import {
  attribute,
  each,
  field,
  fn,
  holder,
  index,
  isInvalid,
  member,
  missing,
  setField,
  setIndex,
} from "./access.js";
import { add, div, idiv, mod, mul, neg, pow, sub } from "./arithmetic.js";
import { describe, frame } from "./backtrace.js";
import { eq, ge, gt, le, lt, ne } from "./comparison.js";
import {
  toBoolean,
  toComponent,
  toDouble,
  toFloat,
  toFunction,
  toInteger,
  toLong,
  toNumber,
  toObject,
  toText,
} from "./convert.js";
import { brsError } from "./errors.js";
import { caught, toss } from "./exceptions.js";
import { and, not, or, shl, shr, truth } from "./logic.js";
import { forDone, forLimit, forNext, forStep } from "./loops.js";
import {
  computed,
  eachMarked,
  invoke,
  send,
  sendPlain,
  sendTo,
  storedAttribute,
  storedField,
  storedIndex,
} from "./marks.js";
import { comma, item, pos, print, semicolon, tab } from "./print.js";
import { end, stop } from "./program.js";
import { Double, Float, plain, type Value } from "./values.js";

/** An associative array literal: its names, those without quotation marks in lower case, and its values. */
function aa(names: readonly Value[], values: readonly Value[]): RoAssociativeArray {
  const made = new RoAssociativeArray();
  for (let i = 0; i < names.length; i++) made.set(toText(names[i]), values[i]);
  return made;
}

/** How many arrays a `dim` makes; more would need more memory than a device has. */
const maxArrays = 10_000_000;

/** `dim name[sizes]`: arrays within arrays; a size is the highest index. */
function dim(sizes: readonly Value[]): RoArray {
  const counts = sizes.map((size) => toInteger(size) + 1);
  if (counts.some((count) => count < 0)) throw brsError("badParameter");
  let arrays = 1;
  for (const count of counts.slice(0, -1)) {
    arrays *= count;
    if (arrays > maxArrays) throw brsError("outOfMemory");
  }
  const made = ([count = 0, ...inner]: readonly number[]): RoArray =>
    inner.length === 0
      ? new RoArray([], count)
      : new RoArray(Array.from({ length: count }, () => made(inner)));
  return made(counts);
}

/** The variable `global`: an interface that has the global functions. */
const global = Object.assign(new Interface(g, "ifGlobal"), { $$member: (name: string): Value => g[name] });

/** What a function throws that was called with the wrong number of parameters. */
const count = (): never => {
  throw brsError("wrongCount");
};

export const $ = {
  /** The global associative array. */
  m: new RoAssociativeArray(),
  g,
  global,
  ...{ add, sub, mul, div, idiv, mod, pow, neg, and, or, not, shl, shr },
  ...{ eq, ne, lt, le, gt, ge, truth },
  ...{ field, setField, index, setIndex, attribute, member, missing, isInvalid, fn, holder, each },
  ...{
    plain,
    computed,
    storedField,
    storedIndex,
    storedAttribute,
    eachMarked,
    invoke,
    send,
    sendPlain,
    sendTo,
  },
  ...{ toInteger, toLong, toFloat, toDouble, toNumber, toText, toBoolean, toComponent, toObject, toFunction },
  ...{ print, item, comma, semicolon, tab, pos },
  ...{ describe, frame, caught, throw: toss, count, end, stop },
  ...{ aa, dim, forStep, forDone, forLimit, forNext },
  /** A literal of bytes that are no UTF-8. */
  text: adopt,
  array: (items: Value[]) => new RoArray(items),
  float: (value: number) => new Float(value),
  double: (value: number) => new Double(value),
};
