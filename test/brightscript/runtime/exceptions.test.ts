import t from "tap";
import { RoArray } from "#src/brightscript/library/array.js";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { box } from "#src/brightscript/library/boxed.js";
import { BrsError, brsError, errors, wordsOf } from "#src/brightscript/runtime/errors.js";
import { caught, toss } from "#src/brightscript/runtime/exceptions.js";
import { End, end, Stop, stop } from "#src/brightscript/runtime/program.js";
import type { Value } from "#src/brightscript/runtime/values.js";

/** What `catch` gives for what a call throws. */
function exceptionOf(call: () => unknown): RoAssociativeArray {
  try {
    call();
  } catch (thrown) {
    return caught(thrown) as RoAssociativeArray;
  }
  throw new Error("nothing was thrown");
}

t.test("every error has a number of its own, and words", async (t) => {
  const numbers = Object.values(errors).map(([number]) => number);
  t.equal(new Set(numbers).size, numbers.length);
  for (const [number, words] of Object.values(errors)) t.equal(wordsOf(number), words);
  t.equal(wordsOf(0x77), undefined);
});

t.test("a run-time error", async (t) => {
  const exception = exceptionOf(() => {
    throw brsError("divisionByZero");
  });
  t.same(exception.keys().items, ["backtrace", "message", "number", "rethrown"]);
  t.equal(exception.get("number"), 0x14);
  t.equal(exception.get("message"), "Divide by Zero.");
  t.equal(exception.get("rethrown"), false);
  t.ok(exception.get("backtrace") instanceof RoArray);
});

t.test("caught twice it is the same exception", async (t) => {
  const error = brsError("divisionByZero");
  t.equal(caught(error), caught(error));
});

t.test("a message", async (t) => {
  for (const message of ["boom", box("boom")]) {
    const exception = exceptionOf(() => toss(message));
    t.equal(exception.get("number"), 0x28);
    t.equal(exception.get("message"), "boom");
    t.equal(exception.get("rethrown"), false);
  }
});

t.test("an exception of the program's is completed and thrown itself", async (t) => {
  const exception = RoAssociativeArray.of({ number: 20, custom_code: 404 });
  t.equal(
    exceptionOf(() => toss(exception)),
    exception,
  );
  t.equal(exception.get("message"), "Divide by Zero.", "looked up by the number");
  t.equal(exception.get("custom_code"), 404);
  t.equal(exception.get("rethrown"), false);
  t.ok(exception.get("backtrace") instanceof RoArray);
});

t.test("defaults", async (t) => {
  t.equal(exceptionOf(() => toss(RoAssociativeArray.of({ message: "m" }))).get("number"), 0x28);
  t.equal(exceptionOf(() => toss(RoAssociativeArray.of({}))).get("message"), "User-specified exception");
  t.equal(
    exceptionOf(() => toss(RoAssociativeArray.of({ number: 0x77 }))).get("message"),
    "User-specified exception",
  );
});

t.test("thrown again it keeps its backtrace", async (t) => {
  const exception = exceptionOf(() => toss("once"));
  const backtrace = exception.get("backtrace");
  t.equal(
    exceptionOf(() => toss(exception)),
    exception,
  );
  t.equal(exception.get("rethrown"), true);
  t.equal(exception.get("backtrace"), backtrace);
  t.ok(exception.get("rethrow_backtrace") instanceof RoArray);
  t.equal(exception.get("message"), "once");
});

t.test("what cannot be thrown", async (t) => {
  const call = (members: Record<string, Value>): Value => new RoArray([RoAssociativeArray.of(members)]);
  const things: Value[] = [
    1,
    null,
    undefined,
    new RoArray(),
    RoAssociativeArray.of({ number: "I am not a number!" }),
    RoAssociativeArray.of({ message: new RoArray(["Two", "Messages"]) }),
    RoAssociativeArray.of({ backtrace: "here" }),
    RoAssociativeArray.of({ backtrace: call({}) }),
    RoAssociativeArray.of({ backtrace: call({ function: 5 }) }),
    RoAssociativeArray.of({ backtrace: call({ function: "main()", line_number: "Five" }) }),
    RoAssociativeArray.of({ backtrace: new RoArray(["main()"]) }),
  ];
  for (const thing of things) {
    const exception = exceptionOf(() => toss(thing));
    t.equal(exception.get("number"), 0x26);
    t.equal(exception.get("message"), "Invalid argument to Throw");
  }
  const backtrace = call({ function: "main()", line_number: 5, filename: "pkg:/source/main.brs" });
  t.equal(exceptionOf(() => toss(RoAssociativeArray.of({ backtrace }))).get("number"), 0x28);
});

t.test("end and stop pass", async (t) => {
  t.throws(() => exceptionOf(end), new End());
  t.throws(() => exceptionOf(() => stop([], undefined)), { message: "STOP" });
  t.match(new Stop(), { number: 0xf7, message: "STOP" });
  t.equal(new End().status, 0);
});

t.test("what JavaScript throws", async (t) => {
  const endless = (): number => 1 + endless();
  const rows: [() => unknown, number, RegExp][] = [
    [endless, 0xdf, /^Stack overflow\.$/],
    [() => "x".repeat(2 ** 28).repeat(8), 0x1c, /^String Too Long\.$/],
    [() => new ArrayBuffer(2 ** 53 - 1), 0x0c, /^Out Of Memory\.$/],
    [
      () => (null as unknown as { a: string }).a,
      0xfe,
      /^UNEXPECTED INTERNAL\. Cannot read properties of null/,
    ],
  ];
  for (const [call, number, message] of rows) {
    const exception = exceptionOf(call);
    t.equal(exception.get("number"), number);
    t.match(exception.get("message"), message);
  }
});

t.test("the error that is thrown says the same as its exception", async (t) => {
  try {
    toss(RoAssociativeArray.of({ number: 77, message: "custom" }));
  } catch (error) {
    t.ok(error instanceof BrsError);
    t.match(error, { number: 77, message: "custom" });
  }
});
