/** The values of literals. */
import { lineOf, type Token } from "./tokens.js";
import type { Literal } from "./tree.js";

/** The value of a literal's token. Incomplete ones, such as `&h` or `1e`, are as if a 0 followed. */
export function literal(token: Token): Literal {
  return { kind: "literal", ...typed(token), line: lineOf(token) };
}

function typed({ kind, text }: Token): Pick<Literal, "type" | "value"> {
  const number = text.replace(/[#!&%]$/, "");
  const whole = (): bigint => BigInt(/^&h/i.test(text) ? `0x0${number.slice(2)}` : number);
  switch (kind) {
    case "StringLiteral":
      return { type: "string", value: unquoted(text) };
    case "IntegerLiteral":
      return { type: "integer", value: Number(BigInt.asIntN(32, whole())) };
    case "LongIntegerLiteral":
      return { type: "longinteger", value: BigInt.asIntN(64, whole()) };
    case "FloatLiteral":
    case "DoubleLiteral":
      return {
        type: kind === "FloatLiteral" ? "float" : "double",
        value: Number(number.replace(/d/i, "e").replace(/e[+-]?$/i, "")),
      };
    case "True":
    case "False":
      return { type: "boolean", value: kind === "True" };
    default:
      return { type: "invalid", value: null };
  }
}

/** What is within quotation marks, where two of them stand for one. */
export const unquoted = (text: string): string => text.slice(1, -1).replaceAll('""', '"');
