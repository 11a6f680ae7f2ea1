/**
 * A program of url-transfer-families.test.ts in a network of its own: transfers from a server at both of the machine's own
 * addresses, by the hosts that are its arguments. Writes a line of JSON: the code and the server's address of each.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { RoUrlEvent } from "#src/brightscript/library/url-event.js";
import { RoUrlTransfer } from "#src/brightscript/library/url-transfer.js";
import { RoMessagePort } from "#src/components/message-port.js";

const [, , ...hosts] = process.argv;

const script = `
  const server = require("node:http").createServer((_, response) => response.end("yes"));
  server.listen(0, "::", () => console.log(server.address().port));
  process.stdin.resume().on("end", () => process.exit());`;

async function main(): Promise<void> {
  const server = spawn(process.execPath, ["-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(server.stdout, "data");
  const port = new RoMessagePort();
  const got = hosts.map((host) => {
    const transfer = new RoUrlTransfer();
    transfer.setMessagePort(port);
    transfer.setUrl(`http://${host}:${String(line).trim()}/`);
    transfer.asyncGetToString();
    const event = port.waitMessage(10_000) as RoUrlEvent;
    return [transfer.getUrl() && event.getResponseCode(), event.getTargetIpAddress()];
  });
  console.log(JSON.stringify(got));
  process.exit();
}

void main();
