import { spawnSync } from "node:child_process";
import { join } from "node:path";
import t from "tap";
import { refusing } from "../support/index.js";
import { example } from "./example.js";

const root = join(__dirname, "../../..");
const files = ["echo.test.brs", "tap.brs"].map((name) => join(root, "examples/on-the-box", name));
const test = (port: number) =>
  spawnSync(process.execPath, [join(root, "dist/cli/rosock.js"), "run", ...files, "--", `port=${port}`], {
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });

t.test("the echo server passes the tests that are made for a box", async (t) => {
  const { stdout, status } = test(await example(t, "echo-server.brs", "--port", "0").portNumber());
  t.match(stdout, /^(ok \d - .*\n){5}1\.\.5\n$/);
  t.equal(status, 0);
});

t.test("they fail when nobody answers", async (t) => {
  const { stdout, status } = test(refusing(t).portNumber);
  t.match(stdout, /^not ok 1 - .*\nnot ok 2 - .*\n# found "", wanted "hello"\n(.*\n)*1\.\.5\n$/);
  t.equal(status, 1);
});
