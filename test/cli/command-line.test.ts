import t from "tap";
import { parseCommandLine } from "#src/cli/command-line.js";

const parse = (line: string) => parseCommandLine(line.split(" ").filter((word) => word !== ""));

t.test("commands", async (t) => {
  t.match(parse("run a.brs b.brs --entry Go --data d --const x=true --const y=false -- p=1 --help"), {
    name: "run",
    program: ["a.brs", "b.brs"],
    entry: "Go",
    data: "d",
    constants: ["x=true", "y=false"],
    words: ["p=1", "--help"],
  });
  t.match(parse("build dir -o out"), { name: "build", program: ["dir"], output: "out", words: [] });
  t.match(parse("check dir"), { name: "check", program: ["dir"], constants: [] });
  t.equal(parse("--help"), "help");
  t.equal(parse("run --help"), "help");
  t.equal(parse("--version"), "version");
});

const refused: Record<string, string> = {
  "": "expected run, build or check",
  "walk a.brs": 'there is no command "walk"',
  run: "run: expected a directory, a zip or .brs files",
  "run -- a": "run: expected a directory, a zip or .brs files",
  "run a.brs --loud": "unknown option '--loud'",
  "run a.brs --entry": "option '--entry <value>' argument missing",
  "run a.brs -o out": "run has no option --output",
  "build dir": "build: expected -o DIR",
  "build dir -o out --entry Go": "build has no option --entry",
  "check dir --data d": "check has no option --data",
  "check dir -- x": "check takes no words after --",
};
for (const [line, message] of Object.entries(refused)) {
  t.test(`rosock ${line}`, async (t) => {
    t.throws(() => parse(line), { message });
  });
}
