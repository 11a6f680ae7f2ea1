/** The JavaScript that the compiler makes: as direct as it can be, where a program spends its time. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { compiled, statement, statements } from "./compiled.js";

t.test("a method of a variable is looked up and called without anything in between", async (t) => {
  t.equal(
    statement("n = sock.Receive(buf, 0, 512)", "sock, buf"),
    'n = (sock?.$receive ?? $.missing(sock, "receive")).call(sock, buf, 0, 512);',
  );
  t.equal(
    statement("a().b()"),
    '(($t = ($f.a ?? $.fn(null))())?.$b ?? $.missing($t, "b")).call($t);',
    "what is called on is evaluated once",
  );
  t.equal(statement("m.x.y(1)"), '(($t = $.field(m, "x"))?.$y ?? $.missing($t, "y")).call($t, 1);');
});

t.test("calls by name", async (t) => {
  t.equal(statement("x = wait(0, p)", "p"), "x = ($f.wait ?? $.fn(null))(0, p);", "a global function");
  t.equal(statement("test()"), "test();", "a function of the file");
  t.equal(statement("f(1)", "f"), "$.fn($g.f ?? f)(1);", "a variable");
  t.equal(statement("a[0](1)", "a"), "$.fn($.index(a, 0)).call($.holder(a), 1);", "an element");
  t.equal(statement("new = var()"), "new$ = ($f.var ?? $.fn(null))();", "words that JavaScript reserves");
});

t.test(
  "Integers are counted with JavaScript's operators where they are certain to be Integers",
  async (t) => {
    t.same(statements("for i = 1 to 10\nx = i * 2 + 1\nif i > n then i2 = -i\nend for", "n as integer"), [
      "for (i = 1; i <= 10; i += 1) {",
      "x = Math.imul(i, 2) + 1 | 0;",
      "if (i > n) { i2 = -i | 0; } }",
      "",
    ]);
    t.equal(
      statement("for i = n - 1 to 0 step -1 : end for", "n as integer"),
      "for (i = n - 1 | 0; i >= 0; i += -1) {  }",
    );
    t.match(
      statement("for i = 0 to a.count() - 1 : end for", "a"),
      /^for \(i = 0, \$e\d = \$\.forLimit\(.*\); i <= \$e\d; i \+= 1\) \{ {2}\} i \|= 0;$/,
      "the limit is evaluated once",
    );
    t.match(
      statement("for i = 1 to 10 : i = i + x : end for", "x"),
      "!$.forDone(i, ",
      "not when the loop changes its variable",
    );
    t.match(
      statement("for i = x to 10 : end for", "x"),
      "!$.forDone(i, ",
      "nor when the start may be anything",
    );
    t.match(statement("for i = 1 to 10 step x : end for", "x"), "!$.forDone(i, ", "nor the step");
    t.match(
      statement("for i! = 1 to 10 : end for"),
      "i$f = $.toFloat(1)",
      "nor when the variable is a Float",
    );
    t.equal(statement("x = x + 1"), "x = $.add(x, 1);", "a variable may hold anything");
    t.equal(statement("x = -&h80000000"), "x = -2147483648;");
  },
);

t.test("conditions", async (t) => {
  t.equal(statement('if type(x) = "a" and not x = y then end', "x, y").slice(0, 4), "if (");
  t.match(
    statement("if x = 1 then end", "x"),
    /^if \(\$\.eq\(x, 1\)\) \{/,
    "comparisons give JavaScript's true and false",
  );
  t.match(statement("if x then end", "x"), /^if \(\$\.truth\(x\)\) \{/);
  t.equal(statement("y = x and f()", "x"), "y = x !== false && $.and(x, ($f.f ?? $.fn(null))());");
  t.equal(statement("y = f() or x", "x"), "y = ($t = ($f.f ?? $.fn(null))()) === true || $.or($t, x);");
});

t.test("constants are made once", async (t) => {
  const { code } = compiled("sub a()\nx = 1.5 : y = 1.5 : z = 1.5# : w = 5&\nend sub");
  t.match(code.split("\n")[0], "const $1 = $.float(1.5), $2 = $.double(1.5); ");
  t.match(code.split("\n")[1], "x = $1; y = $1; z = $2; w = 5n;");
});

t.test("an anonymous function is made once, however often the program comes to it", async (t) => {
  t.match(
    statement("f = function(x) : return x : end function"),
    /^f = \(\$a1 \?\?= \$\.describe\(function \$anon_1\(x\)/,
  );
});

t.test("what a function needs of m, temporaries and conversions, and no more", async (t) => {
  const head = (source: string): string =>
    compiled(source)
      .code.split("\n")[0]!
      .replace(/^.*"use strict"; /, "");
  t.match(
    head("sub a()\nend sub"),
    /^function a\(\) \{ try \{ if \(arguments\.length !== 0\) \$\.count\(\);/,
  );
  t.match(
    head("sub a(b, c = 1 as integer)\nend sub"),
    "if (arguments.length < 1 || arguments.length > 2) $.count(); " +
      "if (arguments.length < 2) c = 1; c = $.toInteger(c);",
  );
  t.match(head("sub a()\nm.x = 1\nend sub"), "const m = this ?? $.m; try");
  t.match(head("sub a()\nm = 1\nend sub"), "let m = this ?? $.m; try", "m can be given another value");
});

t.test("what is updated is evaluated once", async (t) => {
  t.equal(statement("a.B += 1", "a"), '$.setField(a, "B", $.add($.field(a, "b"), 1));');
  t.equal(
    statement("f().b -= 1"),
    '$.setField(($o = ($f.f ?? $.fn(null))()), "b", $.sub($.field($o, "b"), 1));',
  );
  t.equal(statement("a[i]++", "a, i"), "$.setIndex(a, i, $.add($.index(a, i), 1));");
  t.equal(
    statement("a[1, f()] *= 2", "a"),
    "$.setIndex(($o = $.index(a, 1)), ($k = ($f.f ?? $.fn(null))()), $.mul($.index($o, $k), 2));",
  );
});

t.test("words that mean something in JavaScript are names like others", async (t) => {
  const words =
    "arguments async await break case catch class const constructor debugger default delete do enum eval export extends " +
    "finally get implements import in instanceof let null of package prototype static super switch this throws " +
    "typeof undefined var void with yield __proto__ nan";
  for (const word of words.split(" ")) {
    const source = `${word} = 1 : ${word}++ : x = ${word} : x.${word} = ${word} : x.${word}(${word})
      for ${word} = 1 to 2 : end for : for each ${word} in x : end for`;
    const { code, diagnostics } = compiled(`sub main()\n${source}\nend sub\nsub other(${word})\nend sub`);
    // Some of them BrightScript does not allow either.
    if (diagnostics.length === 0) t.doesNotThrow(() => new Function(`"use strict"; return ${code}`), word);
    const own = compiled(`sub ${word}()\n${word}()\nx = ${word}\nend sub`);
    if (own.diagnostics.length === 0)
      t.doesNotThrow(() => new Function(`"use strict"; return ${own.code}`), `function ${word}`);
    t.doesNotThrow(
      () =>
        new Function(
          `"use strict"; return ${compiled(`sub main()\n${word}() : x = ${word}\nend sub`).code || 0}`,
        ),
    );
  }
});

t.test("the echo server of the reference page", async (t) => {
  const source = readFileSync(join(__dirname, "../../../../examples/echo-server.brs"), "utf8");
  const { code, diagnostics } = compiled(source);
  t.same(diagnostics, []);
  t.equal(code.split("\n").length, source.split("\n").length);
  for (const [, object, method] of source.matchAll(/^\s*(?:if |print )?(\w+)\.(\w+)\(/gm)) {
    const [it, name] = [object!.toLowerCase(), method!.toLowerCase()];
    t.match(code, `(${it}?.$${name} ?? $.missing(${it}, "${name}")).call(${it}`);
  }
});
