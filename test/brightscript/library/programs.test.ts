/** The library from within compiled programs: what takes both to be seen. */
import t from "tap";
import { compile } from "#src/brightscript/compile/index.js";
import { load } from "#src/brightscript/runtime/load.js";
import { consoleOf } from "./call.js";

/** What the program prints; its lines are counted from 1. */
function output(source: string): string {
  const { code, diagnostics, path } = compile(source, { path: "pkg:/source/main.brs" });
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  const main = load([{ path, code }]).main!;
  return consoleOf(() => main.call(undefined));
}

t.test("the console names the line of a mistake", async (t) => {
  const text = output(`sub main()
    x = CreateObject("roNone")
    helper("{x}")
end sub
sub helper(text)
    y = ParseJson(text)
    y = FormatJson({ f: main })
    a = []
    a[-1] = 0
    a.append(y)
end sub`);
  t.same(text.split("\n"), [
    'BRIGHTSCRIPT: ERROR: Runtime: unknown component "roNone": pkg:/source/main.brs(2)',
    "BRIGHTSCRIPT: ERROR: ParseJSON: Unknown identifier 'x': pkg:/source/main.brs(6)",
    "BRIGHTSCRIPT: ERROR: FormatJSON: f: Value type not supported: Function: pkg:/source/main.brs(7)",
    "BRIGHTSCRIPT: ERROR: roArray.SetEntry: set ignored for negative array index: pkg:/source/main.brs(9)",
    "BRIGHTSCRIPT: ERROR: roArray.Append: the parameter is no array: pkg:/source/main.brs(10)",
    "",
  ]);
});

t.test("objects with members and methods of their own", async (t) => {
  const text = output(`sub main()
    stack = newStack()
    stack.push("a")
    stack.Push("b")
    print stack.count(); stack.items.count(); stack.ifAssociativeArray.count(); stack.pop(); stack.count()
    stack.count = invalid
    print stack.count()
end sub
function newStack()
    return {
        items: []
        push: sub(value)
            m.items.push(value)
        end sub
        pop: function()
            return m.items.pop()
        end function
        count: function()
            return m.items.count() * 100
        end function
    }
end function`);
  t.equal(text, " 200 2 4b 100\n 4\n");
});

t.test("collections changed within for each", async (t) => {
  const text = output(`sub main()
    aa = { a: 1, b: 2, c: 3 }
    for each key in aa
        aa.delete(key)
        aa[key + "x"] = 0
        print key;
    end for
    print aa.keys().join(",")
    list = CreateObject("roList")
    for i = 1 to 4 : list.addTail(i) : end for
    for each i in list
        list.delete(0)
        print i;
    end for
    print list.count()
    a = [1]
    for each i in a
        if i < 4 then a.push(i + 1)
    end for
    print a.count()
end sub`);
  t.equal(text, "abcax,bx,cx\n 1 2 3 4 0\n 4\n");
});

t.test("arrays of a fixed size, of arrays, and with holes", async (t) => {
  const text = output(`sub main()
    a = CreateObject("roArray", 2, false)
    a[0] = [[1, 2], [3]]
    a[0][1][2] = "x"
    print a.count(); a[0][1].count(); a[0][1][1]; a[0][1, 2]; a[0, 0, 1.9]
    dim b[2, 3]
    b[2, 3] = 5
    print b.count(); b[0].count(); b[2].count(); b[2][3]; b[1, 1]
end sub`);
  t.equal(text, " 1 3invalidx 2\n 3 0 4 5invalid\n");
});

t.test("strings, boxed and not, through methods and functions", async (t) => {
  const text = output(`sub main()
    s = "Grüße, 世界 😀!"
    reversed = ""
    for i = len(s) to 1 step -1
        reversed += mid(s, i, 1)
    end for
    print reversed; s.len(); s.instr("😀"); asc(s.mid(10)); box(s).right(2)
    print "%s has %d".format(s.left(5), s.len()); (255).toStr("%04X"); box(2.5).toStr()
    parts = "a=1&b=%C3%A9".split("&")
    print parts[1].tokenize("=")[1].decodeUriComponent(); parts.join("|")
end sub`);
  t.equal(text, "!😀 界世 ,eßürG 12 10 128512😀!\nGrüße has 1200FF2.5\néa=1|b=%C3%A9\n");
});

t.test("JSON by its fields", async (t) => {
  const text = output(`sub main()
    data = ParseJson("{""userName"": ""x"", ""Items"": [{""itemId"": 5000000000}], ""items"": 2}")
    print data.userName; data["username"]; data.Items; data["Items"][0].itemId
    data.userName = "y"
    data["userName"] = "z"
    print data.username; data["userName"]; data.count()
    print FormatJson(data)
end sub`);
  t.equal(
    text,
    'xinvalid 2 5000000000\nyz 4\n{"Items":[{"itemId":5000000000}],"items":2,"userName":"z","username":"y"}\n',
  );
});
