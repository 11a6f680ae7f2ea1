/** The global functions by their names in lower case. Each group is loaded when the first of it is called. */
import type { BrsFunction } from "../../runtime/values.js";

type Group = () => Readonly<Record<string, BrsFunction>>;

/** What loads a group, and the names of its functions. */
const groups: readonly (readonly [Group, string])[] = [
  [
    () => (require("./bsl-core.js") as typeof import("./bsl-core.js")).bslCore,
    "asciitohex bslbrightscripterrorcodes bslgeneralconstants bsluniversalcontroleventcodes hextoascii hextointeger",
  ],
  [
    () => (require("./files.js") as typeof import("./files.js")).fileFunctions,
    "copyfile createdirectory deletedirectory deletefile formatdrive listdir matchfiles movefile readasciifile writeasciifile",
  ],
  [() => (require("./json.js") as typeof import("./json.js")).jsonFunctions, "formatjson parsejson"],
  [
    () => (require("./math.js") as typeof import("./math.js")).mathFunctions,
    "abs atn cdbl cint cos csng exp fix int log rnd sgn sin sqr tan",
  ],
  [
    () => (require("./runtime.js") as typeof import("./runtime.js")).runtimeFunctions,
    "box createobject eval getglobalaa getlastruncompileerror getlastrunruntimeerror run type",
  ],
  [
    () => (require("./string.js") as typeof import("./string.js")).stringFunctions,
    "asc chr instr lcase left len mid right str stri string stringi strtoi substitute ucase val",
  ],
  [
    () => (require("./utility.js") as typeof import("./utility.js")).utilityFunctions,
    "findmemberfunction getinterface objfun rebootsystem rungarbagecollector sleep tr uptime wait",
  ],
];

/**
 * Those that a program's function of the same name does not replace: all but bslCore's, and Run(), whose name devices allow for the
 * function of a Task.
 */
export const builtins: ReadonlySet<string> = new Set(
  groups.slice(1).flatMap(([, names]) => names.split(" ").filter((name) => name !== "run")),
);

/** At first functions that load their group, which takes their places. */
export const g: Record<string, BrsFunction> = Object.create(null);

for (const [load, names] of groups) {
  for (const name of names.split(" ")) {
    g[name] = (...values) => {
      Object.assign(g, load());
      return g[name]!(...values);
    };
  }
}

/** Loads all groups, for what wants to look at every function. */
export function loadAllFunctions(): Readonly<Record<string, BrsFunction>> {
  for (const [load] of groups) Object.assign(g, load());
  return g;
}
