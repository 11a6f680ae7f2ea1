/** What the console shows of an error that nobody caught: the words, the backtrace, and the innermost function's variables. */
import { runtimeError } from "./backtrace.js";
import type { Protocol } from "./component.js";
import type { Innermost } from "./errors.js";
import { format } from "./format.js";
import { isNumeric } from "./numbers.js";
import { plain, typeName, unboxed, type Value } from "./values.js";

/** Of a String so many characters are shown. */
const shown = 94;

/** The crash report, its last line ended. */
export function crashReport(thrown: unknown): string {
  const error = runtimeError(thrown);
  const frames = error.frames ?? [];
  const [innermost] = frames;
  const place = innermost === undefined ? "" : ` in ${innermost.path}(${innermost.line})`;
  const number = (error.number & 0xff).toString(16).padStart(2, "0");
  const lines = [`${error.message} (runtime error &h${number})${place}`];
  if (innermost !== undefined) lines.push("Backtrace:");
  // The outermost call is #0: of deep ones not all are known.
  let depth = Math.max(frames.length, error.unwound ?? 0);
  for (const { signature, path, line } of frames) {
    lines.push(`#${--depth}  Function ${signature}`, `   file/line: ${path}(${line})`);
  }
  if (error.innermost !== undefined) lines.push("Local Variables:", ...variables(error.innermost));
  return `${lines.join("\n")}\n`;
}

/** The parameters, what every function has, and the other variables. */
function variables({ signature, locals, m }: Innermost): string[] {
  const parameters = signature.split(" As ").length - 2;
  const shown = locals.map(([name, value]) => variable(name, description(value)));
  return [
    ...shown.slice(0, parameters),
    variable("global", "Interface:ifGlobal"),
    variable("m", description(m)),
    ...shown.slice(parameters),
  ];
}

const variable = (name: string, text: string): string => `${name.padEnd(16)} ${text}`;

function description(held: Value): string {
  const value = plain(held);
  const type = typeName(value);
  const given = unboxed(value);
  switch (typeof given) {
    case "string":
      return `${type} val:"${given.length > shown ? `${given.slice(0, shown)}...` : given}"`;
    case "number":
      return `${type} val:${given} (&h${(given >>> 0).toString(16)})`;
    case "undefined":
      return type;
    case "object":
      if (given === null) return type;
      if (isNumeric(given)) break;
      return `${type}${count(given as Protocol)}`;
  }
  return `${type} val:${format(given)}`;
}

function count(object: Protocol): string {
  const members = object.$$members?.().entries;
  return members === undefined ? "" : ` count:${Array.from(members).length}`;
}
