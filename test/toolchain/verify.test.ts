import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { skipWithout } from "../support/index.js";

const root = join(__dirname, "../../..");
const { compareVersions, table, verify } = require(join(root, "toolchain/verify.js"));
const { loadTarget } = require(join(root, "toolchain/target.js"));

interface Check {
  name: string;
  ok: boolean;
  found: string;
}
/** Those that failed, but for the size: what was built here is not stripped. */
const failed = (checks: Check[]): string[] =>
  checks.filter(({ name, ok }) => !ok && name !== "size").map(({ name }) => name);
const own = join(root, "build/Release/rosock.node");

t.test("versions are compared number by number", async (t) => {
  t.equal(compareVersions("2.4", "2.28"), -1);
  t.equal(compareVersions("3.4.21", "3.4.21"), 0);
  t.equal(compareVersions("3.4.29", "3.4.3"), 1);
  t.equal(compareVersions("2.28", "2.28.1"), -1);
});

t.test(
  "this machine's addon is none for another one's boxes",
  { skip: process.arch === "x64" ? false : "what is expected is that of x64" },
  async (t) => {
    t.same(failed(verify(loadTarget("linux-arm"), own)), ["class", "machine", "float ABI"]);
    t.same(failed(verify(loadTarget("linux-arm64"), own)), ["machine"]);
    t.match(table(verify(loadTarget("linux-arm64"), own)).join("\n"), /FAILED {2}machine +AArch64 +Advanced/);
  },
);

t.test(
  "what asks for a newer C library, or is bound late, fails",
  { skip: skipWithout("g++") },
  async (t) => {
    const folder = t.testdir();
    const source = join(folder, "new.cc");
    writeFileSync(
      source,
      '#include <pthread.h>\nextern "C" int run(pthread_t* t) { return pthread_create(t, nullptr, nullptr, nullptr); }\n',
    );
    const file = join(folder, "new.node");
    const built = spawnSync(
      "g++",
      ["-shared", "-fPIC", "-Wl,-z,lazy", "-Wl,-z,norelro", source, "-o", file],
      {
        encoding: "utf8",
      },
    );
    t.equal(built.status, 0, built.stderr);
    const checks: Check[] = verify(loadTarget("linux-x64"), file);
    const glibc = checks.find(({ name }) => name === "GLIBC")!.found;
    // On a machine whose own C library is old enough nothing can ask for a newer one.
    const expected =
      compareVersions(glibc, "2.28") > 0 ? ["GLIBC", "RELRO", "bound at load"] : ["RELRO", "bound at load"];
    t.same(failed(checks), expected);
  },
);

t.test("a file that is no program is told so", async (t) => {
  const file = join(t.testdir(), "text.node");
  writeFileSync(file, "not an ELF file");
  t.throws(() => verify(loadTarget("linux-arm"), file), { message: /ELF|class|magic/i });
});
