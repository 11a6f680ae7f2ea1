/** Transfers against the servers of http-server.ts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createComponent } from "#src/brightscript/library/index.js";
import type { Value } from "#src/brightscript/runtime/values.js";
import type { Scope } from "../../support/sockets.js";
import { call } from "./call.js";

let ports: Readonly<Record<string, number>> = {};

/** `files`: of the key and the certificate for HTTPS. */
export async function startServers(t: Scope, ...files: string[]): Promise<void> {
  const server = spawn(process.execPath, [join(__dirname, "http-server.js"), ...files], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env.PATH },
  });
  t.teardown(() => server.stdin.end());
  const [line] = await once(server.stdout, "data");
  ports = JSON.parse(String(line)) as Record<string, number>;
}

export const at = (path: string, server = "http"): string => `http://127.0.0.1:${ports[server]}/${path}`;

export const portOf = (server: string): number => ports[server]!;

export function transfer(url: string, port: Value = null): object {
  const made = createComponent("roUrlTransfer", [])!;
  call(made, "SetUrl", url);
  if (port !== null) call(made, "SetMessagePort", port);
  return made;
}

export const newPort = (): object => createComponent("roMessagePort", [])!;

/** The port's next event; fails rather than waits for ever. */
export function next(port: object): object {
  const event = call(port, "WaitMessage", 10_000);
  if (event === null) throw new Error("no event");
  return event as object;
}

/** What the server's echo has seen. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the server says
export const echo = (text: Value): any => JSON.parse(text as string);

/** What comes of an asynchronous GET, however it ends. */
export function outcome(made: object): { code: Value; reason: Value; body: Value } {
  const port = newPort();
  call(made, "SetMessagePort", port);
  call(made, "AsyncGetToString");
  const event = next(port);
  call(made, "GetIdentity"); // It is not dropped before.
  return {
    code: call(event, "GetResponseCode"),
    reason: call(event, "GetFailureReason"),
    body: call(event, "GetString"),
  };
}
