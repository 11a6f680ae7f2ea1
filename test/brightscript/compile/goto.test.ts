/** Labels within other statements, which the compiler takes apart for them. */
import t from "tap";
import { run } from "../language/run.js";

/** What a program prints whose main is the statements, in one line. */
function printed(statements: string): string {
  const { output, error, syntaxError } = run(`sub main()\n${statements}\nend sub`);
  if (error !== undefined || syntaxError !== undefined) throw new Error(JSON.stringify(error ?? syntaxError));
  return output.replace(/\s+/g, " ").trim();
}

t.test("a loop with a label in it is still that loop", async (t) => {
  t.equal(printed("for i = 1 to 3\nif i = 2 then goto skip\nprint i\nskip:\nend for\nprint i"), "1 3 4");
  t.equal(printed("for i = 3 to 1 step -1\nl:\nprint i\nend for\nprint i"), "3 2 1 0");
  t.equal(printed("for i = 2 to 1\nl:\nprint i\nend for\nprint i"), "2");
  t.equal(printed("for each x in [1, 2, 3]\nif x = 2 then goto skip\nprint x\nskip:\nend for"), "1 3");
  t.equal(printed("i = 0\nwhile i < 3\ni++\nif i = 2 then goto skip\nprint i\nskip:\nend while"), "1 3");
});

t.test("exit and continue", async (t) => {
  t.equal(
    printed(
      "for i = 1 to 9\nl:\nif i = 2 then continue for\nif i = 4 then exit for\nprint i\nend for\nprint i",
    ),
    "1 3 4",
  );
  t.equal(
    printed(
      "for each i in [1, 2, 3, 4]\nl:\nif i = 2 then continue for\nif i = 4 then exit for\nprint i\nend for",
    ),
    "1 3",
  );
  t.equal(
    printed(
      "i = 0\nwhile true\nl:\ni++\nif i = 2 then continue while\nif i = 4 then exit while\nprint i\nend while",
    ),
    "1 3",
  );
  t.equal(
    printed(
      "for i = 1 to 3\nl:\nwhile true\nif i = 2 then exit for\ncontinue for\nend while\nend for\nprint i",
    ),
    "2",
    "of a loop around one without labels",
  );
  t.equal(
    printed("while true\nfor i = 1 to 3\nl:\nif i = 2 then exit while\nend for\nend while\nprint i"),
    "2",
    "of a loop around one with labels",
  );
});

t.test("if", async (t) => {
  const text = "print 1\nelse if x = 2\na:\nprint 2\nelse if x = 3\nprint 3\nelse\nb:\nprint 4\nend if";
  for (const [x, expected] of [
    [1, "1"],
    [2, "2"],
    [3, "3"],
    [4, "4"],
  ] as const)
    t.equal(printed(`x = ${x}\nif x = 1\n${text}`), expected);
  t.equal(
    printed(`x = 1\nif x = 5\n${text}\nx++\nif x < 4 then goto b`),
    "4 4 4",
    "into a branch from outside",
  );
});

t.test("conditions of what is taken apart", async (t) => {
  const table = (condition: string): string =>
    printed(
      `for each x in [1, 2]\nfor each y in [1, 2]\nif ${condition}\na:\nprint x; y\nend if\nend for\nend for`,
    );
  t.equal(table("not x = 1 and y = 2"), "2 2");
  t.equal(table("not x = 1 or y = 2"), "1 2 2 1 2 2");
  t.equal(table("not (x = 1 or y = 2)"), "2 1");
  t.equal(table("x = 1 and not y = 2"), "1 1");
});

t.test("catch", async (t) => {
  const handler = "n = n + 1\nagain:\nprint n\nn++\nif n < 4 then goto again";
  t.equal(printed(`n = 0\ntry\nthrow "x"\ncatch e\n${handler}\nend try\nprint e.message`), "1 2 3 x");
  t.equal(printed(`n = 0\ntry\nprint "fine"\ncatch e\n${handler}\nend try\nprint n`), "fine 0");
  t.equal(
    printed(
      'for i = 1 to 2\ntry\nif i = 1 then goto out\nthrow "x"\ncatch e\nprint e.message\nend try\nout:\nend for',
    ),
    "x",
    "out of what is tried",
  );
});

t.test("loops made of jumps from within blocks", async (t) => {
  t.equal(
    printed(
      "n = 0\nagain:\nfor i = 1 to 3\nfor each x in [1, 2]\nn++\nif n = 5 then goto again\nend for\nend for\nprint n",
    ),
    "11",
  );
});

t.test("variables keep their values, and typed ones their types", async (t) => {
  t.equal(printed("a% = 1.9\nagain:\na% = a% + 1.9\nif a% < 5 then goto again\nprint a%"), "5");
});
