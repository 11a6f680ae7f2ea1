import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { setProgram } from "#src/brightscript/app/program.js";
import { RoByteArray } from "#src/brightscript/library/byte-array.js";
import { RoMessagePort, RoSocketAddress, RoStreamSocket } from "#src/brightscript/library/sockets.js";
import { index, setIndex } from "#src/brightscript/runtime/access.js";
import { callable, expose, exposed, globals, type Protocol } from "#src/brightscript/runtime/component.js";
import type { BrsFunction, Value } from "#src/brightscript/runtime/values.js";
import { parseMethod } from "#src/components/interfaces.js";
import { double, float, outcome, shown, turns } from "./shown.js";

const call = (object: object, method: string, ...values: Value[]): Value =>
  (object as Record<string, BrsFunction>)[`$${method}`]!(...values);

class Sample {
  none(): void {}
  give(type: unknown): unknown {
    return type;
  }
  many(...values: unknown[]): string {
    return values.map((value) => typeof value).join(" ");
  }
}

t.test("the number of arguments", async (t) => {
  const wrong = "&hf1 Wrong number of function parameters.";
  const signatures: [string, number, number][] = [
    ["many() as String", 0, 0],
    ["many(a as Integer) as String", 1, 1],
    ["many(a as Integer, b as Integer) as String", 2, 2],
    ["many(a as Integer, b as Integer, c as Integer) as String", 3, 3],
    ["many(a as Integer, b as Integer, c as Integer, d as Integer) as String", 4, 4],
    ["many([a as Integer]) as String", 0, 1],
    ["many(a as Integer[, b as Integer, c as Integer]) as String", 1, 3],
    ["many(a as Integer[, b as Integer...]) as String", 1, 9],
  ];
  for (const [signature, least, most] of signatures) {
    const f = callable(parseMethod(signature), Sample.prototype.many);
    for (let count = 0; count < 7; count++) {
      const values = Array.from({ length: count }, () => float(1.5));
      const fits = count >= least && count <= most;
      t.equal(
        outcome(() => f(...values)),
        fits ? `String ${Array(count).fill("number").join(" ")}` : wrong,
        `${signature}: ${count}`,
      );
    }
  }
});

t.test("results have the types that the signature says", async (t) => {
  const give = (type: string, value: unknown): string =>
    outcome(() =>
      callable(parseMethod(`give(x as Dynamic) as ${type}`), Sample.prototype.give)(value as Value),
    );
  t.equal(give("Integer", 5), "Integer 5");
  t.equal(give("Float", 0.5), "Float 0.5");
  t.equal(give("Double", 0.5), "Double 0.5");
  t.equal(give("LongInteger", 5), "LongInteger 5");
  t.equal(give("Dynamic", double(1)), "Double 1");
  t.equal(give("Void", undefined), "Invalid invalid");
  t.equal(give("Object", null), "Invalid invalid");
});

t.test("expose: methods, type, interfaces", async (t) => {
  expose(Sample, "roSample", { ifSample: ["none() as Void", "many([a as Integer]) as String"] });
  t.teardown(() => exposed.delete("roSample"));
  const sample = new Sample() as Sample & Protocol;
  t.equal(sample.$$type, "roSample");
  t.same(sample.$$interfaces, ["ifSample"]);
  t.equal(call(sample, "none"), null);
  t.equal(call(sample, "many", 1), "number");
  t.same(Object.keys(sample), [], "nothing that can be enumerated");
  t.throws(() => expose(Sample, "roSample", { ifSample: ["missing() as Void"] }), TypeError);
});

t.test("global functions", async (t) => {
  const functions = globals({ "Twice(n as Integer) as Integer": (n: number) => n * 2 });
  t.equal(functions.twice!(float(2.5)), 4);
  t.same(functions.twice!.signature, { name: "Twice", text: "Twice(n as Integer) as Integer" });
});

t.test("sockets: mistakes are the language's errors and harm nothing", async (t) => {
  const socket = new RoStreamSocket();
  t.equal(
    outcome(() => call(socket, "sendstr", 5)),
    '&h18 Type Mismatch. Unable to cast "Integer" to "String".',
  );
  t.equal(
    outcome(() => call(socket, "receive", new RoByteArray())),
    "&hf5 BrightScript Component function call does not have the correct number of parameters.",
  );
  t.equal(call(socket, "eok"), true);
  t.equal(call(socket, "setlinger", float(2.9)), true);
  t.equal(call(socket, "getlinger"), 2);
  t.equal(call(socket, "close"), null);
  t.equal(call(socket, "status"), 0);
});

t.test("sockets: a String is no address, but nothing is thrown", async (t) => {
  const socket = new RoStreamSocket();
  t.equal(call(socket, "setaddress", "127.0.0.1:0"), false);
  const address = new RoSocketAddress();
  t.equal(call(address, "setaddress", "127.0.0.1:80"), true);
  t.equal(call(address, "getaddress"), "127.0.0.1:80");
  socket.close();
});

t.test("roMessagePort as an enumeration: each event is taken once", async (t) => {
  const port = new RoMessagePort();
  t.same([call(port, "isempty"), call(port, "isnext"), call(port, "next")], [true, false, null]);
  for (const value of ["a", "b"]) call(port, "postmessage", value);
  t.same([call(port, "isempty"), call(port, "isnext")], [false, true]);
  t.equal(call(port, "next"), "a");
  call(port, "reset");
  t.equal(call(port, "next"), "b", "what was taken does not come again");
  t.same([call(port, "isempty"), call(port, "isnext"), call(port, "next")], [true, false, null]);
  t.ok((port as unknown as Protocol).$$interfaces.includes("ifEnum"));
  port[Symbol.dispose]();
});

t.test("roMessagePort: posting, and for each", async (t) => {
  const port = new RoMessagePort();
  for (const value of [1, "two", null]) call(port, "postmessage", value);
  t.equal(call(port, "peekmessage"), 1);
  t.same([...turns(port)], [1, "two"], "up to where there is none");
  t.equal(call(port, "getmessage"), null);
  t.equal(call(port, "waitmessage", 1), null);
  port[Symbol.dispose]();
});

t.test("roByteArray: the language's operators", async (t) => {
  const bytes = new RoByteArray();
  setIndex(bytes, 0, 300);
  setIndex(bytes, float(2.9), double(7.9));
  t.equal(shown(index(bytes, 0)), "Integer 44");
  t.equal(index(bytes, 1), 0);
  t.equal(index(bytes, 2), 7);
  t.equal(index(bytes, 3), null);
  t.equal(index(bytes, -1), null);
  t.same([...turns(bytes)], [44, 0, 7]);
  t.equal(call(bytes, "push", 255), null);
  t.equal(call(bytes, "count"), 4);
});

t.test("roByteArray: files are those of volumes", async (t) => {
  const directory = t.testdir({ pkg: { "in.bin": "abc" }, tmp: {} });
  setProgram({
    name: "test",
    manifest: new Map(),
    packageDirectory: join(directory, "pkg"),
    dataDirectory: join(directory, "data"),
    temporaryDirectory: () => join(directory, "tmp"),
  });
  const bytes = new RoByteArray();
  t.equal(call(bytes, "readfile", "pkg:/in.bin"), true);
  t.equal(call(bytes, "writefile", "tmp:/out.bin", 1), true);
  t.equal(call(bytes, "appendfile", "tmp:/out.bin", 0, 1), true);
  t.equal(readFileSync(join(directory, "tmp", "out.bin"), "utf8"), "bca");
  t.equal(call(bytes, "writefile", "pkg:/in.bin"), false, "pkg:/ is read only");
  t.equal(call(bytes, "readfile", join(directory, "pkg", "in.bin")), false, "no volume");
  t.equal(call(bytes, "readfile", "tmp:/../pkg/in.bin"), false, "outside");
  t.equal(call(bytes, "readfile", "tmp:/none"), false);
  t.equal(call(bytes, "toasciistring"), "abc");
});
