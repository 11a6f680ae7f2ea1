/** Arithmetic that the compiler writes out because it knows the types gives what the runtime gives. */
import fc from "fast-check";
import t from "tap";
import { functionsOf } from "../language/run.js";

const edges = [0, 1, -1, 2, 3, 7, 31, 32, 255, 65536, 2147483647, -2147483648, -2147483647];
const integers = fc.oneof(fc.constantFrom(...edges), fc.integer());

/** An expression of a, b and c, and literals. */
const { expression } = fc.letrec<{ expression: string; leaf: string; pair: string; sign: string }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom("a", "b", "c"),
    fc.constantFrom("0", "1", "5", "&hFFFFFFFF", "&h80000000", "100000"),
  ),
  pair: fc
    .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "and", "or"), tie("expression"))
    .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
  sign: fc.tuple(fc.constantFrom("-", "+", "not "), tie("expression")).map(([sign, of]) => `(${sign}${of})`),
  expression: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("pair"), tie("sign")),
}));

const comparison = fc.constantFrom("", " = b", " <> b", " < b", " <= b", " > b", " >= b");

t.test("of Integers", async () => {
  fc.assert(
    fc.property(
      expression,
      comparison,
      fc.array(fc.tuple(integers, integers, integers), { minLength: 5 }),
      (left, right, values) => {
        const { known, unknown } = functionsOf(
          `function known(a as integer, b as integer, c as integer)
          return ${left}${right}
        end function
        function unknown(a, b, c)
          return ${left}${right}
        end function`,
        );
        return values.every((each) => Object.is(known!(...each), unknown!(...each)));
      },
    ),
    { numRuns: 150 },
  );
});

t.test("of counted loops", async () => {
  const steps = fc.integer({ min: -5, max: 5 }).filter((step) => step !== 0);
  const bounds = fc.integer({ min: -20, max: 20 });
  fc.assert(
    fc.property(bounds, bounds, steps, (first, last, step) => {
      const { known, unknown } = functionsOf(
        ["known", "unknown"]
          .map((name) => {
            const from = name === "known" ? String(first) : "first";
            const by = name === "known" ? String(step) : "by";
            return `function ${name}(first, last, by)
              turns = 0
              for i = ${from} to last step ${by}
                turns += 1000 + i
              end for
              return [turns, i]
            end function`;
          })
          .join("\n"),
      );
      const results = [known!, unknown!].map(
        (each) => (each(first, last, step) as { items: unknown[] }).items,
      );
      return JSON.stringify(results[0]) === JSON.stringify(results[1]);
    }),
    { numRuns: 50 },
  );
});
