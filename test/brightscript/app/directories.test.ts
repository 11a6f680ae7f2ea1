/** Directories without a home, or with one that is none: what lies in the working directory is never taken for the user's. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { cached } from "#src/brightscript/app/cache.js";
import { cacheDirectory, dataDirectory, keyFile } from "#src/brightscript/app/directories.js";
import { isSealed, seal } from "#src/brightscript/app/seal.js";

const os = require("node:os") as typeof import("node:os");
const fs = require("node:fs") as typeof import("node:fs");

const variables = ["HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] as const;

/** Sets the variables, and what /etc/passwd has: a home directory, or none. The working directory is the test's own. */
function among(t: Test, set: Partial<Record<(typeof variables)[number], string>>, passwd?: string): string {
  const before = { directory: process.cwd(), env: { ...process.env } };
  t.teardown(() => {
    process.chdir(before.directory);
    assign(before.env);
  });
  const directory = t.testdir({ home: {} });
  process.chdir(directory);
  assign(set);
  t.capture(os, "userInfo", () => {
    if (passwd === undefined) throw Object.assign(new Error("no entry"), { code: "ERR_SYSTEM_ERROR" });
    return { homedir: join(directory, passwd) };
  });
  return directory;
}

function assign(set: NodeJS.ProcessEnv): void {
  for (const name of variables) {
    if (set[name] === undefined) delete process.env[name];
    else process.env[name] = set[name];
  }
}

const never = (): never => {
  throw new Error("it was made again");
};

for (const HOME of ["", ".", "relative"]) {
  t.test(`HOME=${HOME}: a forged cache and key in the working directory are not taken`, async (t) => {
    const directory = among(t, {}, "home");
    process.env.XDG_CACHE_HOME = join(directory, ".cache");
    process.env.XDG_DATA_HOME = join(directory, ".local/share");
    cached("origin", () => "forged");
    const forged = seal("text");
    for (const place of [".cache", ".local/share"]) t.ok(existsSync(join(directory, place)));
    assign({ HOME, XDG_CACHE_HOME: ".cache", XDG_DATA_HOME: ".local/share" });
    t.equal(
      cached("origin", () => "made"),
      "made",
    );
    t.notOk(isSealed("text", forged));
    t.equal(cacheDirectory(), join(directory, "home/.cache/rosock"));
    t.equal(keyFile(), join(directory, "home/.local/share/rosock/.key"));
    t.equal(cached("origin", never), "made", "kept in the home directory that /etc/passwd has");
  });

  t.test(`HOME=${HOME}, and nothing in /etc/passwd: nothing is kept`, async (t) => {
    const directory = among(t, { HOME });
    t.equal(cacheDirectory(), undefined);
    t.equal(
      cached("origin", () => "made"),
      "made",
    );
    t.throws(() => seal("text"), { message: "there is no home directory" });
    t.notOk(isSealed("text", ""));
    t.throws(() => dataDirectory("title", "/app"), {
      message: "there is no home directory: give --data DIR",
    });
    t.strictSame(readdirSync(directory), ["home"]);
  });
}

t.test("the variables need no home directory", async (t) => {
  among(t, { HOME: "", XDG_CACHE_HOME: "/cache", XDG_DATA_HOME: "/data" });
  t.equal(cacheDirectory(), "/cache/rosock");
  t.equal(keyFile(), "/data/rosock/.key");
  t.match(dataDirectory("title", "/app"), /^\/data\/rosock\/title-[0-9a-f]{16}$/);
});

t.test("a key where there are no hard links", async (t) => {
  const directory = among(t, { HOME: "" }, "home");
  t.capture(fs, "linkSync", () => {
    throw Object.assign(new Error("no links"), { code: "EPERM" });
  });
  const made = seal("text");
  t.ok(isSealed("text", made));
  t.equal(seal("text"), made, "the key stays");
  t.strictSame(readdirSync(join(directory, "home/.local/share/rosock")), [".key"]);
});

t.test("a key that cannot be put in its place", async (t) => {
  const directory = among(t, { HOME: "" }, "home");
  mkdirSync(join(directory, "home/.local/share/rosock/.key"), { recursive: true });
  t.throws(() => seal("text"), { message: /\.key: / });
});
