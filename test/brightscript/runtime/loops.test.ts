/** FOR loops that would never end, were it not for the rules here. (In the corpus they would hang the other implementation.) */
import t from "tap";
import { run } from "../language/run.js";

const printed = (source: string): string => run(`sub main()\n${source}\nend sub`).output;

t.test("a loop ends where its counter's type does", async (t) => {
  const turns = (head: string) => printed(`n = 0\n${head}\nn++\nif n > 9 then exit for\nend for\nprint n; i`);
  t.equal(turns("for i = &h7ffffffe to &h7fffffff"), " 2-2147483648\n");
  t.equal(turns("for i = &h80000001 to &h80000000 step -1"), " 2 2147483647\n");
  t.equal(turns("last = &h7fffffff : for i = 2147483600% to last step 40"), " 2-2147483616\n");
  t.equal(turns("first = &h7fffffff : for i = first to first"), " 1-2147483648\n");
  t.equal(turns("for i = &h7ffffffe to 1e10"), " 2-2147483648\n");
  t.equal(turns("for i = 9223372036854775806& to 9223372036854775807&"), " 2-9223372036854775808\n");
  t.equal(turns("for i = 16777215.0 to 16777300"), " 2 1.67772e+07\n", "a Float that does not grow any more");
});

t.test("a step of 0", async (t) => {
  t.equal(printed('for i = 5 to 1 step 0 : print "never" : end for : print i'), " 5\n");
  t.equal(printed('for i = 1 to 5 step 0 : print "never" : end for : print i'), " 1\n");
  t.equal(printed("for i = 2 to 2 step 0 : print i : exit for : end for"), " 2\n");
});
