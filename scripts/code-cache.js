// Has V8 compile the command's bundles and keeps its code in dist/code/: a start takes half as long with it. It is made for the
// Node that runs this, and V8 compiles anew where another one runs. Functions are in it if they were called: so a program is run
// that does what most programs do at their start. Its argument, if any: that program as `rosock build` makes it, for where there is
// no compiler.

const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { dirname, join } = require("node:path");

const program = `sub main(args as object)
  port = CreateObject("roMessagePort")
  socket = CreateObject("roStreamSocket")
  socket.setMessagePort(port)
  address = CreateObject("roSocketAddress")
  address.setAddress("127.0.0.1:0")
  if socket.setAddress(address) and socket.listen(1) then socket.notifyReadable(true)
  values = { list: [1, 2.5, "three", invalid], bytes: CreateObject("roByteArray") }
  for each item in values.list
    if type(item) = "Integer" or item = invalid then print item; else print "item "; item
  end for
  for i = 0 to 3
    values.bytes[i] = i * 2
  end for
  wait(1, port)
  socket.close()
  print values.bytes.toHexString() + stri(len(address.getAddress())); args.argv.count()
end sub
`;

async function main(built) {
  if (!existsSync(join(__dirname, "../dist/command.js"))) return; // Nothing is built yet.
  const directory = mkdtempSync(join(tmpdir(), "rosock-code-"));
  process.env.XDG_CACHE_HOME = directory;
  process.env.XDG_DATA_HOME = directory;
  try {
    const file = built ?? join(directory, "program.brs");
    if (built === undefined) writeFileSync(file, program);
    const { bundles, codeFile, main } = require("../dist/cli/launch.js");
    const status = await main(["run", file, "--trust"]);
    if (status !== 0) throw new Error(`the program ended with ${status}`);
    for (const [name, { script }] of bundles) write(codeFile(name), script.createCachedData());
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A file that is whole as soon as it is there. */
function write(file, data) {
  const partial = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(partial, data);
  renameSync(partial, file);
}

module.exports = { program };

if (require.main === module) {
  main(process.argv[2]).then(
    () => process.exit(0),
    (error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
}
