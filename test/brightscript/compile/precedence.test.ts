/** The order of operators, which the parser's tree does not have. */
import t from "tap";
import { statement } from "./compiled.js";

/** An expression of variables with all parentheses that its order implies. */
function order(expression: string): string {
  const names = "abcdefgh".split("");
  const operators: Readonly<Record<string, string>> = {
    add: "+",
    sub: "-",
    mul: "*",
    div: "/",
    idiv: "\\",
    mod: "mod",
    pow: "^",
    shl: "<<",
    shr: ">>",
    eq: "=",
    ne: "<>",
    lt: "<",
    le: "<=",
    gt: ">",
    ge: ">=",
  };
  let text = statement(`x = ${expression}`, names.join(", ")).slice("x = ".length, -1);
  for (let before = ""; before !== text; ) {
    before = text;
    text = text
      .replace(/\$\.(\w+)\(([^(),$]+), ([^(),$]+)\)/g, (all, name, a, b) =>
        name in operators ? `{${a} ${operators[name]} ${b}}` : all,
      )
      .replace(/\$\.neg\(([^(),$]+)\)/g, "{- $1}");
  }
  return text.replaceAll("{", "(").replaceAll("}", ")");
}

t.test("tighter operators come first", async (t) => {
  for (const [expression, expected] of [
    ["a + b * c", "(a + (b * c))"],
    ["a * b + c", "((a * b) + c)"],
    ["a - b - c", "((a - b) - c)"],
    ["a / b \\ c mod d * e", "((((a / b) \\ c) mod d) * e)"],
    ["a ^ b ^ c", "(a ^ (b ^ c))"],
    ["a * b ^ c", "(a * (b ^ c))"],
    ["-a ^ b", "(- (a ^ b))"],
    ["a ^ -b", "(a ^ (- b))"],
    ["-a * b", "((- a) * b)"],
    ["- -a", "(- (- a))"],
    ["a << b + c", "(a << (b + c))"],
    ["a + b << c", "((a + b) << c)"],
    ["a << b < c >> d", "((a << b) < (c >> d))"],
    ["a < b = c", "((a < b) = c)"],
    ["a + b > c * d", "((a + b) > (c * d))"],
    ["(a + b) * c", "((a + b) * c)"],
    ["a - (b - c)", "(a - (b - c))"],
  ] as const)
    t.equal(order(expression), expected, expression);
});

t.test("not, and, or, from the tightest to the loosest", async (t) => {
  for (const [expression, expected] of [
    ["a = 1 or b = 2 and c = 3", "$.eq(a, 1) || ($.eq(b, 2) && $.eq(c, 3))"],
    ["a = 1 and b = 2 or c = 3", "($.eq(a, 1) && $.eq(b, 2)) || $.eq(c, 3)"],
    ["not a = b", "!$.eq(a, b)"],
    ["not a = 1 and b = 2", "!$.eq(a, 1) && $.eq(b, 2)"],
    ["not (a = 1 or b = 2)", "!($.eq(a, 1) || $.eq(b, 2))"],
    ["a = 1 or not b = 2 or c = 3", "($.eq(a, 1) || !$.eq(b, 2)) || $.eq(c, 3)"],
  ] as const)
    t.equal(statement(`x = ${expression}`, "a, b, c"), `x = ${expected};`, expression);
});
