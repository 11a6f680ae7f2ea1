#!/usr/bin/env node
/** The `rosock` command, as far as any runtime can read it: the rest is loaded once it is known that it can run. */
import { unsupported } from "../supported.js";

const reason = unsupported();
if (reason !== undefined) {
  process.stderr.write(`rosock: ${reason}\n`);
  process.exit(1);
}
const { main } = require("./launch.js") as typeof import("./launch.js");

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: NodeJS.ErrnoException) => {
    if (error.code !== "ERR_ROSOCK_ADDON") throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
