// Makes one file of each of the command's parts, so that a start loads one file instead of a hundred, and the package needs no
// other: dist/command.js, dist/parser.js (the compiler, for what is not compiled yet), dist/worker.js (transfers).

const { execFileSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const esbuild = require("esbuild");

const root = join(__dirname, "..");

/** The command loads the compiler when it needs it, from its own file. */
const parserApart = {
  name: "parser apart",
  setup(build) {
    build.onResolve({ filter: /\/compile\/index\.js$/ }, () => ({ path: "./parser.js", external: true }));
  },
};

/** The folders of the packages whose modules are in the bundles. */
const packages = new Set();

/** What the launcher, src/cli/rosock.ts, expects: the text of a function, which it need not put together. */
const asFunction = {
  banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
  footer: { js: "})" },
};

/** Bundles a module of src/ into a file of dist/, all files side by side, and returns what is in it. */
async function bundle(from, to, options = {}) {
  const outfile = join(root, "dist", to);
  const entryPoints = [join(root, "src", from)];
  const common = { bundle: true, platform: "node", target: "node20", minify: true, logLevel: "warning" };
  const { metafile } = await esbuild.build({ ...common, metafile: true, entryPoints, outfile, ...options });
  for (const path of Object.keys(metafile.inputs)) {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
    if (folder !== undefined) packages.add(join(root, folder));
  }
  return readFileSync(outfile);
}

/** What their licences want to be passed on. */
function licences() {
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version}\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : license}\n`;
  });
  return `Parts of these packages are in rosock's command.\n\n${texts.join("\n\n")}`;
}

async function main() {
  // V8 tells by the length of a text whether its code is of it.
  rmSync(join(root, "dist/code"), { recursive: true, force: true });
  const parser = await bundle("brightscript/compile/index.ts", "parser.js", asFunction);
  const compiler = JSON.stringify(createHash("sha256").update(parser).digest("hex"));
  await bundle("cli/main.ts", "command.js", {
    ...asFunction,
    define: { "process.env.ROSOCK_COMPILER": compiler },
    plugins: [parserApart],
  });
  await bundle("brightscript/library/transfer/worker.ts", "worker.js");
  writeFileSync(join(root, "dist/LICENSES.txt"), licences());
  chmodSync(join(root, "dist/cli/rosock.js"), 0o755);
  execFileSync(process.execPath, [join(__dirname, "code-cache.js")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
