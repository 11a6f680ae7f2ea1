/**
 * Random programs of nested control flow, and an interpreter of their trees: what `for`, `while`, `if`, `exit`, `continue`,
 * `goto`, `try`, `throw` and `return` do, from the reference's program-statements.
 */
import fc from "fast-check";

export type Statement =
  /** Leaves a trace of where the program went. */
  | { readonly kind: "trace"; readonly mark: number }
  /** `x = x + step`, of a variable that conditions look at. */
  | { readonly kind: "add"; readonly step: number }
  | { readonly kind: "if"; readonly test: Test; readonly yes: Block; readonly no: Block }
  | {
      readonly kind: "for";
      readonly from: number;
      readonly to: number;
      readonly step: number;
      readonly body: Block;
    }
  | { readonly kind: "forEach"; readonly items: number; readonly body: Block }
  | { readonly kind: "while"; readonly test: Test; readonly body: Block }
  | { readonly kind: "try"; readonly body: Block; readonly catch: Block }
  | { readonly kind: "jump"; readonly to: Jump };

export type Block = readonly Statement[];

/** `x mod divisor = rest` */
interface Test {
  readonly divisor: number;
  readonly rest: number;
}

type Jump =
  | "exit for"
  | "exit while"
  | "continue for"
  | "continue while"
  | "throw"
  | "return"
  | `goto ${string}`;

/** Where a function may jump to: the blocks of its own level begin with a label each. */
export interface Program {
  readonly blocks: readonly Block[];
}

/** After so many turns of loops and jumps back every program ends. */
const fuel = 60;

/** What the program leaves as its trace. */
export function interpret({ blocks }: Program): number[] {
  const trace: number[] = [];
  let x = 0;
  let left = fuel;
  /** Whether the program goes on. */
  const burn = (): boolean => left-- > 0;
  const holds = ({ divisor, rest }: Test): boolean => x % divisor === rest;

  /** What a loop's body has come to: on to the next turn, the loop's end, or a jump further out. */
  const turn = (body: Block, kind: "for" | "while"): "next" | "leave" | Jump => {
    if (!burn()) return "return";
    const jump = run(body);
    if (jump === undefined || jump === `continue ${kind}`) return "next";
    return jump === `exit ${kind}` ? "leave" : jump;
  };

  const step = (statement: Statement): Jump | undefined => {
    switch (statement.kind) {
      case "trace":
        trace.push(statement.mark);
        return undefined;
      case "add":
        x += statement.step;
        return undefined;
      case "if":
        return run(holds(statement.test) ? statement.yes : statement.no);
      case "for": {
        const { from, to, step, body } = statement;
        for (let i = from; step < 0 ? i >= to : i <= to; i += step) {
          trace.push(i);
          const then = turn(body, "for");
          if (then === "leave") return undefined;
          if (then !== "next") return then;
        }
        return undefined;
      }
      case "forEach":
        for (let i = 0; i < statement.items; i++) {
          trace.push(100 + i);
          const then = turn(statement.body, "for");
          if (then === "leave") return undefined;
          if (then !== "next") return then;
        }
        return undefined;
      case "while":
        while (holds(statement.test)) {
          const then = turn(statement.body, "while");
          if (then === "leave") return undefined;
          if (then !== "next") return then;
        }
        return undefined;
      case "try": {
        const jump = run(statement.body);
        return jump === "throw" ? run(statement.catch) : jump;
      }
      case "jump":
        return statement.to;
    }
  };

  const run = (block: Block): Jump | undefined => {
    for (const statement of block) {
      const jump = step(statement);
      if (jump !== undefined) return jump;
    }
    return undefined;
  };

  for (let at = 0; at < blocks.length; ) {
    if (!burn()) break;
    const jump = run(blocks[at]!);
    if (jump === undefined) at++;
    else if (jump.startsWith("goto")) at = Number(jump.slice("goto label".length));
    else {
      if (jump === "throw") trace.push(-1);
      break;
    }
  }
  return trace;
}

/** The program as a function that returns its trace, an array; an error that nobody catches ends it with -1. */
export function source({ blocks }: Program, name: string): string {
  let loops = 0;

  const burn = "if burn(f) then return t";
  const condition = ({ divisor, rest }: Test): string => `x mod ${divisor} = ${rest}`;

  const lines = (block: Block): string[] => block.flatMap(text);

  const text = (statement: Statement): string[] => {
    switch (statement.kind) {
      case "trace":
        return [`t.push(${statement.mark})`];
      case "add":
        return [`x = x + ${statement.step}`];
      case "if":
        return [
          `if ${condition(statement.test)} then`,
          ...lines(statement.yes),
          "else",
          ...lines(statement.no),
          "end if",
        ];
      case "for": {
        const { from, to, step, body } = statement;
        const i = `i${loops++}`;
        const head = `for ${i} = ${from} to ${to}${step === 1 ? "" : ` step ${step}`}`;
        return [head, `t.push(${i})`, burn, ...lines(body), "end for"];
      }
      case "forEach": {
        const each = `e${loops++}`;
        const items = Array.from({ length: statement.items }, (_, i) => 100 + i);
        return [
          `for each ${each} in [${items.join(", ")}]`,
          `t.push(${each})`,
          burn,
          ...lines(statement.body),
          "end for",
        ];
      }
      case "while":
        return [`while ${condition(statement.test)}`, burn, ...lines(statement.body), "end while"];
      case "try":
        return ["try", ...lines(statement.body), `catch c${loops++}`, ...lines(statement.catch), "end try"];
      case "jump":
        return [
          statement.to === "return" ? "return t" : statement.to === "throw" ? 'throw "thrown"' : statement.to,
        ];
    }
  };

  const labelled = blocks.flatMap((block, i) => [`label${i}:`, burn, ...lines(block)]);
  return [
    `function ${name}(t)`,
    "x = 0",
    `f = { left: ${fuel} }`,
    ...labelled,
    "return t",
    "end function",
  ].join("\n");
}

/** What every program of these needs beside its functions. */
export const helper = "function burn(f)\nf.left = f.left - 1\nreturn f.left < 0\nend function";

// Random programs

const labels = 3;

const test = fc
  .integer({ min: 2, max: 4 })
  .chain((divisor) => fc.record({ divisor: fc.constant(divisor), rest: fc.nat({ max: divisor - 1 }) }));

/** Statements that may stand within loops of these kinds. */
function statement(depth: number, inFor: boolean, inWhile: boolean): fc.Arbitrary<Statement> {
  const jumps: Jump[] = [
    "throw",
    "return",
    ...Array.from({ length: labels }, (_, i) => `goto label${i}` as const),
  ];
  if (inFor) jumps.push("exit for", "continue for");
  if (inWhile) jumps.push("exit while", "continue while");
  const simple: fc.WeightedArbitrary<Statement>[] = [
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("trace" as const), mark: fc.nat({ max: 999 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("add" as const), step: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("jump" as const), to: fc.constantFrom(...jumps) }),
    },
  ];
  if (depth === 0) return fc.oneof(...simple);
  const block = (isFor = inFor, isWhile = inWhile): fc.Arbitrary<Block> =>
    fc.array(statement(depth - 1, isFor, isWhile), { maxLength: 3 });
  const nested: fc.Arbitrary<Statement>[] = [
    fc.record({ kind: fc.constant("if" as const), test, yes: block(), no: block() }),
    fc.record({
      kind: fc.constant("for" as const),
      from: fc.integer({ min: -2, max: 3 }),
      to: fc.integer({ min: -2, max: 3 }),
      step: fc.constantFrom(1, 1, 2, -1),
      body: block(true),
    }),
    fc.record({ kind: fc.constant("forEach" as const), items: fc.nat({ max: 3 }), body: block(true) }),
    fc.record({ kind: fc.constant("while" as const), test, body: block(inFor, true) }),
    fc.record({ kind: fc.constant("try" as const), body: block(), catch: block() }),
  ];
  return fc.oneof(...simple, ...nested.map((arbitrary) => ({ weight: 2, arbitrary })));
}

export const programs: fc.Arbitrary<Program> = fc.record({
  blocks: fc.array(fc.array(statement(3, false, false), { maxLength: 4 }), {
    minLength: labels,
    maxLength: labels,
  }),
});
