/** Programs that ask for more than there is. They are not in the corpus, because the other implementation takes all memory for them. */
import t from "tap";
import { run } from "./run.js";

t.test("DIM of more arrays than there is memory for", async (t) => {
  for (const sizes of ["9999, 9999, 9999", Array(40).fill("1").join(", ")]) {
    const { error } = run(`sub main()\ndim a[${sizes}]\nend sub`);
    t.match(error, { number: 0x0c, line: 2, message: "Out Of Memory." }, sizes);
  }
});
