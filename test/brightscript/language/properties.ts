/** Properties of the compiler and the runtime together: what compiled programs give is what a model of each says. */
import { createContext, Script } from "node:vm";
import fc from "fast-check";
import { compile } from "#src/brightscript/compile/index.js";
import type { RoArray } from "#src/brightscript/library/array.js";
import { BrsError } from "#src/brightscript/runtime/errors.js";
import { load } from "#src/brightscript/runtime/load.js";
import { Double, Float, typeName, type Value } from "#src/brightscript/runtime/values.js";
import { helper, interpret, programs, source } from "./control-flow.js";
import { cases, sections } from "./corpus.js";
import { evaluate, expressions, Failure, print, variables } from "./numbers.js";
import { functionsOf } from "./run.js";

/** What a call gives: a value with its type, or an error's number. */
function outcome(call: () => { type: string; value: unknown } | number): string {
  const shown = call();
  if (typeof shown === "number") return `&h${shown.toString(16)}`;
  return `${shown.type} ${Object.is(shown.value, -0) ? "-0" : String(shown.value)}`;
}

function actual(call: () => Value): string {
  return outcome(() => {
    try {
      const value = call();
      return {
        type: typeName(value),
        value: value instanceof Float || value instanceof Double ? value.value : value,
      };
    } catch (error) {
      if (error instanceof BrsError) return error.number;
      throw error;
    }
  });
}

function expected(call: () => { type: string; value: unknown }): string {
  return outcome(() => {
    try {
      return call();
    } catch (error) {
      if (error instanceof Failure) return error.number;
      throw error;
    }
  });
}

const assignments = variables.map(({ name, value, type }) => {
  const suffix = type === "LongInteger" ? "&" : type === "Integer" ? "%" : "#"; // Or ten digits are a Double.
  return `${name} = ${value}${suffix}`;
});

/** In two functions: one knows the types of its variables when it is compiled, the other when it runs. */
const inFunctions = (text: string, i: number): string =>
  `function known${i}()\n${assignments.join("\n")}\nreturn ${text}\nend function\n` +
  `function unknown${i}(values)\n${variables.map(({ name }, at) => `${name} = values[${at}]`).join("\n")}\nreturn ${text}\nend function`;

/** Expressions over all numbers and conditions. */
export const numbers = fc.property(fc.array(expressions, { minLength: 1, maxLength: 8 }), (trees) => {
  const texts = trees.map((tree) => print(tree));
  const { given, ...functions } = functionsOf(
    [
      ...texts.map(inFunctions),
      `function given()\n${assignments.join("\n")}\nreturn [${variables.map(({ name }) => name)}]\nend function`,
    ].join("\n"),
  );
  const values = given!();
  trees.forEach((tree, i) => {
    const wanted = expected(() => evaluate(tree));
    same(
      actual(() => functions[`known${i}`]!()),
      wanted,
      texts[i]!,
    );
    same(
      actual(() => functions[`unknown${i}`]!(values)),
      wanted,
      texts[i]!,
    );
  });
});

function same(got: unknown, wanted: unknown, what: string): void {
  if (JSON.stringify(got) !== JSON.stringify(wanted))
    throw new Error(`${what}\n gives ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
}

/** Nested control flow. */
export const controlFlow = fc.property(fc.array(programs, { minLength: 1, maxLength: 4 }), (all) => {
  const text = [helper, ...all.map((each, i) => source(each, `f${i}`))].join("\n");
  const { makeArray, ...functions } = functionsOf(`${text}\nfunction makeArray()\nreturn []\nend function`);
  all.forEach((each, i) => {
    const trace = functions.makearray!() as RoArray;
    try {
      functions[`f${i}`]!(trace);
    } catch (error) {
      if (!(error instanceof BrsError && error.message === "thrown")) throw error;
      trace.push(-1);
    }
    same(trace.items, interpret(each), source(each, `f${i}`));
  });
});

/** Characters of one unit and of two, and a byte that is no UTF-8 (row S19). */
const characters = fc.constantFrom("a", "b", "c", "A", " ", "-", "é", "ß", "€", "日", "😀", "\udcff");
const text = fc.array(characters, { maxLength: 12 });
const part = fc.array(characters, { maxLength: 2 });
const count = fc.nat({ max: 15 });

const textFunctions = functionsOf(`
function lefts(s, n) : return [left(s, n), s.left(n)] : end function
function rights(s, n) : return [right(s, n), s.right(n)] : end function
function mids(s, at, n) : return [mid(s, at + 1, n), s.mid(at, n), mid(s, at + 1), s.mid(at)] : end function
function instrs(s, at, p) : return [instr(at + 1, s, p), s.instr(at, p)] : end function
function others(s, p, r) : return [len(s), s.len(), asc(s), s.replace(p, r), string(2, s), s + p] : end function
function splits(s, p) : return s.split(p) : end function
function reversed(s)
  out = ""
  for i = len(s) to 1 step -1
    out = out + mid(s, i, 1)
  end for
  return out
end function`);

/** Where a part first stands in a text, from a place on; -1 if nowhere. */
function place(s: readonly string[], p: readonly string[], from: number): number {
  for (let at = from; at + p.length <= s.length; at++)
    if (p.every((character, i) => s[at + i] === character)) return at;
  return -1;
}

/** The text between the places where a part stands. */
function pieces(s: readonly string[], p: readonly string[]): string[] {
  const found: string[] = [];
  let from = 0;
  for (let at = place(s, p, 0); at >= 0; at = place(s, p, from)) {
    found.push(s.slice(from, at).join(""));
    from = at + p.length;
  }
  return [...found, s.slice(from).join("")];
}

/** Functions and methods of strings, over lists of characters. */
export const texts = fc.property(text, part, part, count, count, (s, p, r, at, n) => {
  const call = (name: string, ...values: Value[]): unknown =>
    (textFunctions[name]!(...values) as RoArray).items;
  const [whole, small] = [s.join(""), p.join("")];
  const what = JSON.stringify({ s: whole, p: small, r: r.join(""), at, n });
  const slice = (from: number, to?: number): string => s.slice(from, to).join("");
  same(call("lefts", whole, n), [slice(0, n), slice(0, n)], `left ${what}`);
  const right = slice(Math.max(0, s.length - n));
  same(call("rights", whole, n), [right, right], `right ${what}`);
  same(
    call("mids", whole, at, n),
    [slice(at, at + n), slice(at, at + n), slice(at), slice(at)],
    `mid ${what}`,
  );
  if (p.length > 0) {
    const found = place(s, p, at);
    same(call("instrs", whole, at, small), [found + 1, found], `instr ${what}`);
    const parts = pieces(s, p);
    same(call("splits", whole, small), parts, `split ${what}`);
    const replaced = parts.join(r.join(""));
    const first = whole.codePointAt(0) ?? 0;
    const code = s[0] === "\udcff" ? 0xff : first;
    const wanted = [s.length, s.length, code, replaced, whole + whole, whole + small];
    same(call("others", whole, small, r.join("")), wanted, what);
  }
  same(textFunctions.reversed!(whole), [...s].reverse().join(""), `reversed ${what}`);
});

const limit = 60_000;
const sandbox = createContext({ work() {} });
const calling = new Script("work()");

/** Does the work; what takes too long is stopped, wherever it is. @throws when it was */
function soon(work: () => void): void {
  sandbox.work = work;
  calling.runInContext(sandbox, { timeout: limit });
}

/** Whether a source was found that the compiler hangs on: smaller ones would only take as long. */
let hung = false;

/** What is compiled, whatever it is, gives diagnostics or JavaScript that can be loaded, soon. */
function survives(source: string): void {
  if (hung) return;
  try {
    soon(() => check(source));
  } catch (error) {
    hung = (error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    throw error;
  }
}

function check(source: string): void {
  const { code, diagnostics } = compile(source, { path: "pkg:/source/main.brs" });
  const lines = source.split(/\r\n?|\n/).length;
  for (const { line, message } of diagnostics) {
    if (!(line >= 1 && line <= lines)) throw new Error(`line ${line} of ${lines}`);
    if (message === "") throw new Error("a diagnostic without words");
  }
  if (diagnostics.some(({ severity }) => severity === "error")) same(code, "", "code beside errors");
  else load([{ path: "pkg:/source/main.brs", code }]);
}

const corpus = sections.flatMap((section) => cases(section).map((each) => each.source));
const programTexts = fc.constantFrom(...corpus);

const words =
  "sub function end if then else elseif for each in to step while exit continue goto return try catch throw print dim stop as " +
  "integer object invalid true m x and or not mod ( ) [ ] { } , ; : . ?. ?[ ?( @ = <> < > + - * / \\ ^ << >> += ++ -- 1 2.5 &hff 5& " +
  '"s" \' # #if #else #end $ % ! & ~ ` | \n \r\n \t \0 é \udcff label: #const rem';
const tokens = fc.array(fc.constantFrom(...words.split(" "), "\n", "\n", "end sub", "end if", "end for"), {
  maxLength: 60,
});

/** A program with a stretch of it taken out, doubled, moved, or other words in its place. */
const mutated = fc
  .record({
    program: programTexts,
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 40 }),
    by: fc.array(tokens, { maxLength: 1 }),
    kind: fc.nat({ max: 3 }),
  })
  .map(({ program, from, length, by, kind }) => {
    const start = Math.floor(from * program.length);
    const [before, within, after] = [
      program.slice(0, start),
      program.slice(start, start + length),
      program.slice(start + length),
    ];
    if (kind === 0) return before + after;
    if (kind === 1) return before + within + within + after;
    if (kind === 2) return before + (by[0] ?? []).slice(0, 5).join(" ") + after;
    return after + within + before;
  });

const garbage = fc.oneof(
  mutated,
  mutated,
  tokens.map((list) => `sub main()\n${list.join(" ")}\nend sub`),
  tokens.map((list) => list.join(" ")),
  // Truncated anywhere.
  fc.tuple(programTexts, fc.nat({ max: 2000 })).map(([program, length]) => program.slice(0, length)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  fc.string({ unit: "binary", maxLength: 200 }),
);

/** Anything at all. */
export const input = fc.property(garbage, survives);

export const properties = { numbers, controlFlow, texts, input };
