/** Loading compiled files: their functions find one another, the global ones, and the global m. */
import t from "tap";
import { compile } from "#src/brightscript/compile/index.js";
import { $ } from "#src/brightscript/runtime/index.js";
import { type Functions, load } from "#src/brightscript/runtime/load.js";

function loaded(files: Readonly<Record<string, string>>): Functions {
  return load(
    Object.entries(files).map(([name, source]) => {
      const path = `pkg:/source/${name}`;
      const { code, diagnostics } = compile(source, { path });
      if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
      return { path, code };
    }),
  );
}

t.test("functions of all files are one scope", async (t) => {
  const { first, second } = loaded({
    "a.brs": "function first(x)\nreturn second(x) + 1\nend function",
    "b.brs": "function Second(x)\nif x = 0 then return 0\nf = first\nreturn f(x - 1)\nend function",
  });
  t.equal(first!(3), 4);
  t.equal(second!(3), 3);
});

t.test("a function of the program comes before a global one of its name", async (t) => {
  const { main } = loaded({
    "a.brs": 'function main()\nreturn ucase("a") + lcase("B")\nend function',
    "b.brs": 'function ucase(s)\nreturn "mine "\nend function',
  });
  t.equal(main!(), "mine b");
});

t.test("two programs share nothing but the runtime", async (t) => {
  const one = loaded({
    "a.brs": "function main()\nreturn helper()\nend function\nfunction helper()\nreturn 1\nend function",
  });
  const two = loaded({ "a.brs": "function main()\nreturn helper()\nend function" });
  t.equal(one.main!(), 1);
  t.throws(() => two.main!(), /attempted on non-function/);
});

t.test("m is the global one unless a function is called as a member", async (t) => {
  const { main } = loaded({
    "a.brs": `function main()
        m.name = "global"
        object = { name: "object", get: get, viaCall: function() : return get() : end function }
        f = object.get
        return [get(), object.get(), object.viaCall(), f()]
      end function
      function get()
        return m.name
      end function`,
  });
  t.same((main!() as { items: unknown[] }).items, ["global", "object", "global", "global"]);
  t.equal($.m.get("name"), "global");
});

t.test("functions say who they are", async (t) => {
  const { main } = loaded({
    "a.brs": 'function Main(Args as Object, n = 1 as integer) as String\nreturn ""\nend function',
  });
  t.match(main!.signature, { name: "main", text: "main(args As Object, n As Integer) As String" });
});

t.test("a program without files has no functions", async (t) => {
  t.equal(load([]).main, undefined);
  t.equal(load([]).constructor, undefined);
});
