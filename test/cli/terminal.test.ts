import { spawn } from "node:child_process";
import t, { type Test } from "tap";
import { skipWithout, waitFor } from "../support/index.js";
import { among, command } from "./rosock.js";

const skip = skipWithout("script");

/** Runs the program on a terminal of its own; what is typed there, and what it shows. */
function onTerminal(t: Test, source: string) {
  const { directory, env } = among(t, { "main.brs": source });
  const line = `${process.execPath} ${command} run main.brs`;
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    cwd: directory,
    env,
    stdio: ["pipe", "pipe", "ignore"],
  });
  t.teardown(() => child.kill("SIGKILL"));
  const terminal = { shown: "", type: (text: string) => child.stdin.write(text), child };
  child.stdout.on("data", (data) => {
    terminal.shown += `${data}`.replaceAll("\r", "");
  });
  return terminal;
}

const stops = `sub main()
  inner("x")
  print "gone on"
end sub
sub inner(text)
  number = 5
  print "here";
  stop
  print "still "; number
end sub
`;

t.test("stop tells where it is, and asks", { skip }, async (t) => {
  const terminal = onTerminal(t, stops);
  await waitFor(() => terminal.shown.endsWith("> "), "the question");
  t.match(
    terminal.shown,
    `here
STOP (runtime error &hf7) in pkg:/source/main.brs(8)
Backtrace:
#1  Function inner(text As Dynamic) As Void
   file/line: pkg:/source/main.brs(8)
#0  Function main() As Void
   file/line: pkg:/source/main.brs(2)
Local Variables:
text             String val:"x"
`,
  );
  t.match(terminal.shown, /\nnumber +Integer val:5 /);
  terminal.type("what?\n");
  await waitFor(() => terminal.shown.endsWith("> what?\nc: continue, q: quit> "), "the question again");
  terminal.type("c\n");
  await waitFor(() => /still {2}5\ngone on\n/.test(terminal.shown), "the rest");
  await waitFor(() => terminal.child.exitCode === 0, "its end");
});

t.test("q ends it with the status of a stop", { skip }, async (t) => {
  const terminal = onTerminal(t, stops);
  await waitFor(() => terminal.shown.endsWith("> "), "the question");
  terminal.type("q\n");
  await waitFor(() => terminal.child.exitCode === 3, "its end");
  t.notMatch(terminal.shown, /still/);
});

t.test("Ctrl-C ends a wait(0)", { skip }, async (t) => {
  const terminal = onTerminal(
    t,
    'sub main()\nprint "ready"\nwait(0, CreateObject("roMessagePort"))\nend sub',
  );
  await waitFor(() => terminal.shown === "ready\n", "the program");
  terminal.type("\x03");
  await waitFor(() => terminal.child.exitCode === 130, "its end");
});
