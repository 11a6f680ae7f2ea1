/** Format strings, as C's printf has them: `%[flags][width][.precision]type` (reference, "Format strings"). */
import { whole as wholeText } from "../../text.js";
import { brsError } from "../runtime/errors.js";
import { general } from "../runtime/format.js";
import { integerFrom } from "../runtime/numbers.js";
import { Double, Float, unboxed, type Value } from "../runtime/values.js";
import * as characters from "./characters.js";

const specification = /%([-+ 0]*)(\d+|\*)?(?:\.(\d+|\*)?)?(.?)/gs;

const wrong = (): never => {
  throw brsError("badFormat");
};

interface Field {
  readonly flags: string;
  readonly width: number;
  /** Undefined when the field has none. */
  readonly precision: number | undefined;
  readonly type: string;
}

/**
 * The text of `template` with each field replaced by the next value. A field that is none, or a value that is not of its type,
 * is a run-time error.
 */
export function formatString(template: string, next: () => Value): string {
  const replace = (all: string, flags: string, width: string, precision: string, type: string): string => {
    if (type === "%") return "%";
    const count = (given: string | undefined): number =>
      given === "*" ? Number(numeric(unboxed(next()))) : Number(given ?? 0);
    const columns = count(width);
    const digits = all.includes(".") ? count(precision) : -1;
    const field: Field = {
      flags: columns < 0 ? `${flags}-` : flags,
      width: Math.abs(columns),
      precision: digits < 0 ? undefined : digits,
      type,
    };
    return padded(convert(field, unboxed(next())), field);
  };
  return wholeText(template.replace(specification, replace));
}

function convert(field: Field, value: Value): string {
  switch (field.type) {
    case "s":
      return characters.slice(text(value), 0, field.precision);
    case "c":
      return characters.character(Math.trunc(Number(numeric(value))));
    case "d":
    case "o":
    case "x":
    case "X":
      return whole(field, numeric(value));
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
      return signed(field, real(field, Number(numeric(value))));
    default:
      return wrong();
  }
}

const text = (value: Value): string =>
  typeof value === "string" || typeof value === "boolean" ? String(value) : wrong();

function numeric(value: Value): number | bigint {
  if (value instanceof Float || value instanceof Double) return value.value;
  return typeof value === "number" || typeof value === "bigint" ? value : wrong();
}

function signed({ flags }: Field, digits: string): string {
  if (digits.startsWith("-")) return digits;
  return (flags.includes("+") ? "+" : flags.includes(" ") ? " " : "") + digits;
}

function whole(field: Field, value: number | bigint): string {
  const number = BigInt(typeof value === "number" ? integerFrom(value) : value);
  const atLeast = (digits: string): string => digits.padStart(field.precision ?? 1, "0");
  if (field.type === "d") {
    const digits = atLeast(String(number < 0n ? -number : number));
    return signed(field, number < 0n ? `-${digits}` : digits);
  }
  const bits = typeof value === "number" ? 32 : 64;
  const digits = atLeast(BigInt.asUintN(bits, number).toString(field.type === "o" ? 8 : 16));
  return field.type === "X" ? digits.toUpperCase() : digits;
}

function real({ type, precision = 6 }: Field, number: number): string {
  const digits = realDigits(type.toLowerCase(), number, Math.min(precision, 100));
  return type < "a" ? digits.toUpperCase() : digits;
}

function realDigits(type: string, number: number, precision: number): string {
  if (type === "g" || !Number.isFinite(number)) return general(number, precision || 1);
  if (type === "e") return number.toExponential(precision).replace(/e([-+])(\d)$/, "e$10$2");
  // Past this JavaScript would give an exponent; there such numbers are whole.
  return Math.abs(number) < 1e21
    ? number.toFixed(precision)
    : BigInt(number) + (precision > 0 ? `.${"0".repeat(precision)}` : "");
}

function padded(digits: string, field: Field): string {
  const missing = field.width - characters.length(digits);
  if (missing <= 0) return digits;
  if (field.flags.includes("-")) return digits + " ".repeat(missing);
  if (!takesZeros(digits, field)) return " ".repeat(missing) + digits;
  const sign = /^[-+ ]?/.exec(digits)![0];
  return sign + "0".repeat(missing) + digits.slice(sign.length);
}

/** Text does not, nor what is no finite number, nor a whole number with a precision. */
function takesZeros(digits: string, { flags, type, precision }: Field): boolean {
  if (!flags.includes("0") || /inf|nan/i.test(digits)) return false;
  return /[efg]/i.test(type) || (/[dox]/i.test(type) && precision === undefined);
}

/** `format.Format(values…)`: there must be exactly as many values as the fields take. */
export function formatValues(template: string, values: readonly Value[]): string {
  let taken = 0;
  const made = formatString(template, () => (taken < values.length ? values[taken++] : wrong()));
  return taken === values.length ? made : wrong();
}
