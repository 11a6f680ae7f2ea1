import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";

const root = join(__dirname, "../../..");
const { parseAddress, readInventory } = require(join(root, "deploy/inventory.js"));
const { quote } = require(join(root, "deploy/quote.js"));

function file(t: Test, text: string): string {
  const path = join(t.testdir(), "boxes");
  writeFileSync(path, text);
  return path;
}

t.test("an address has a user and a port when it names them", async (t) => {
  const box = { user: "root", host: "10.0.0.5", port: 22, label: "10.0.0.5" };
  t.same(parseAddress("10.0.0.5"), box);
  t.same(parseAddress("pi@box.lan:2222"), {
    user: "pi",
    host: "box.lan",
    port: 2222,
    label: "pi@box.lan:2222",
  });
  t.equal(parseAddress("[fe80::1]:22").host, "fe80::1");
  for (const wrong of [
    "",
    "a b",
    "-oProxyCommand=x",
    "root@-x",
    "host:0",
    "host:70000",
    "host;ls",
    "$(id)",
    "a@b@c",
  ]) {
    t.throws(() => parseAddress(wrong), { message: /expected/ }, wrong);
  }
});

t.test("an inventory names boxes and their settings, a line each", async (t) => {
  const text = `# living room\nroot@10.0.0.5\n\n10.0.0.6:2222 identity=${__filename} # the other one\r\n`;
  t.same(
    readInventory(file(t, text)).map(({ host, port, identity }: Record<string, unknown>) => [
      host,
      port,
      identity,
    ]),
    [
      ["10.0.0.5", 22, undefined],
      ["10.0.0.6", 2222, __filename],
    ],
  );
});

t.test("a mistake in an inventory is told with its line", async (t) => {
  for (const [text, message] of [
    ["10.0.0.5\nroot@\n", /boxes:2: expected \[user@\]host/],
    ["\n10.0.0.5 colour=red\n", /boxes:2: expected identity=… or known-hosts=…, got "colour=red"/],
    ["10.0.0.5\n10.0.0.5\n", /boxes:2: 10.0.0.5 is named twice/],
    ["box\nroot@BOX:22\n", /boxes:2: root@BOX:22 is named twice/],
    ["10.0.0.5 constructor=x\n", /boxes:1: expected identity=…/],
    ["10.0.0.5 identity=~/a identity=~/b\n", /boxes:1: identity is given twice/],
    ["10.0.0.5 identity=keys/none\n", /boxes:1: identity: there is no keys\/none/],
    ["# nobody\n", /no boxes/],
  ] as const) {
    t.throws(() => readInventory(file(t, text)), { message });
  }
});

t.test("a word for the shell stays one word", async (t) => {
  t.equal(quote("/data/rosock"), "/data/rosock");
  t.equal(quote("it's $HOME; ls"), "'it'\\''s $HOME; ls'");
  t.equal(quote(""), "''");
});
