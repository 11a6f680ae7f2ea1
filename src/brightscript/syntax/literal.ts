/** The values of literals. (Reference: "Numeric literals", "Type declaration characters".) */

import type { Token } from "./token.js";
import type { Literal } from "./tree.js";

type Value = Pick<Literal, "type" | "value">;

/** From so many digits on, a number without a designator is a Double. */
const doubleDigits = 10;

const designated = { "%": "integer", "&": "longinteger", "!": "float", "#": "double" } as const;

export function numberLiteral({ text }: Token): Value {
  const designator = designated[text.at(-1) as keyof typeof designated];
  const digits = designator === undefined ? text : text.slice(0, -1);
  if (/^&h/i.test(text)) return whole(designator ?? "integer", BigInt(`0x0${digits.slice(2)}`));
  const type = designator ?? typeOf(digits);
  if (/^\d+$/.test(digits) && (type === "integer" || type === "longinteger"))
    return whole(type, BigInt(digits));
  const value = Number(digits.replace(/d/i, "e").replace(/e[-+]?$/i, ""));
  if (type === "float" || type === "double") return { type, value };
  return whole(type, Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n);
}

function typeOf(digits: string): "integer" | "float" | "double" {
  const mantissa = digits.replace(/[ed].*$/i, "");
  if (/d/i.test(digits)) return "double";
  if (/e/i.test(digits)) return "float";
  if (mantissa.replace(".", "").length >= doubleDigits) return "double";
  return mantissa.includes(".") ? "float" : "integer";
}

/** What does not fit keeps its lowest bits. */
function whole(type: "integer" | "longinteger" | "float" | "double", value: bigint): Value {
  return type === "longinteger"
    ? { type, value: BigInt.asIntN(64, value) }
    : { type: "integer", value: Number(BigInt.asIntN(32, value)) };
}

/** Whether a string has its closing quotation mark: those within it are doubled. */
export const isTerminated = ({ text }: Token): boolean => text.split('"').length % 2 === 1;

/** What is within quotation marks, where two of them stand for one. */
export const unquoted = ({ text }: Token): string => text.slice(1, -1).replaceAll('""', '"');
