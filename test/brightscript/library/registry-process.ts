/** A process of registry.test.ts: keeps what it is told in the registry of a data directory, with a flush after each value. */
import { setProgram } from "#src/brightscript/app/program.js";
import { RoRegistrySection } from "#src/brightscript/library/registry.js";

const [dataDirectory = "", name = "", count = "0", ending] = process.argv.slice(2);
setProgram({
  name: "test",
  manifest: new Map(),
  packageDirectory: "/",
  dataDirectory,
  temporaryDirectory: () => "/",
});
const own = new RoRegistrySection(name);
const shared = new RoRegistrySection("shared");
for (let i = 0; i < Number(count); i++) {
  own.write(`key ${i}`, `value ${i}`);
  shared.write(`${name} ${i}`, name);
  if (ending === undefined && !own.flush()) process.exitCode = 1;
}
if (ending === "killed") process.kill(process.pid, "SIGKILL");
if (ending === "exit") process.exit();
