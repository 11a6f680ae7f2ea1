// A box, reached by ssh: whatever is done on it is a BusyBox sh script, with data on its standard input at most.

const { spawn } = require("node:child_process");
const { createReadStream, readFileSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { pipeline } = require("node:stream");
const { nodeOf } = require("./fitness.js");
const { quote } = require("./quote.js");

const scripts = join(__dirname, "device");

/** Seconds; a connection that says nothing for three times that is given up. */
const alive = 10;

/** The status of ssh when it is ssh that failed. */
const unreachable = 255;

let devices = 0;

/** A script of device/, with what the scripts share before it. */
const textOf = (name) => ["lib.sh", name].map((file) => readFileSync(join(scripts, file), "utf8")).join("");

class Device {
  /**
   * @param address - `{ user, host, port, identity, knownHosts, label }`
   * @param control - a folder for the socket of the connection, which all commands share
   */
  constructor(address, control) {
    this.address = address;
    this.label = address.label;
    this.control = join(control, String(devices++));
  }

  #ssh() {
    const { user, host, port, identity, knownHosts } = this.address;
    const options = [
      "BatchMode=yes", // No passwords: keys, or an agent.
      "StrictHostKeyChecking=yes",
      "ConnectTimeout=15",
      `ServerAliveInterval=${alive}`,
      "ServerAliveCountMax=3",
      "ControlMaster=auto",
      // A path may have spaces in it, and ssh puts something else in the place of a % and a letter.
      `ControlPath="${this.control.replaceAll("%", "%%")}"`,
      "ControlPersist=30",
    ];
    if (knownHosts !== undefined) options.push(`UserKnownHostsFile="${knownHosts}"`);
    if (identity !== undefined) options.push("IdentitiesOnly=yes");
    const words = options.flatMap((option) => ["-o", option]);
    if (identity !== undefined) words.push("-i", identity);
    return [...words, "-p", String(port), `${user}@${host}`];
  }

  /**
   * Runs a command of shell words there.
   *
   * @param input - what it reads: text, a file as `{ file, sent }` (told how much of it went, from 0 to 1), or nothing
   * @param onLine - gets each whole line of its output as it comes
   * @returns its exit status (255: ssh's own), and what it wrote
   */
  run(words, input = "", onLine = undefined) {
    return new Promise((resolve) => {
      const child = spawn("ssh", [...this.#ssh(), words.map(quote).join(" ")], { stdio: "pipe" });
      const output = { stdout: "", stderr: "" };
      let rest = "";
      child.stdout.setEncoding("utf8").on("data", (text) => {
        output.stdout += text;
        const lines = (rest + text).split("\n");
        rest = lines.pop();
        for (const line of lines) onLine?.(line);
      });
      child.stderr.setEncoding("utf8").on("data", (text) => {
        output.stderr += text;
      });
      child.stdin.on("error", () => {}); // It ended without reading everything: its status tells.
      if (typeof input === "string") child.stdin.end(input);
      else pour(input, child.stdin);
      child.on("error", ({ code, message }) => {
        const stderr = code === "ENOENT" ? "ssh is not installed here" : message;
        resolve({ status: unreachable, stdout: "", stderr });
      });
      child.on("close", (status) => resolve({ status: status ?? unreachable, ...output }));
    });
  }

  /** Runs a script of device/ there, which takes no other input. */
  script(name, args = [], onLine = undefined) {
    return this.run(["sh", "-s", "--", ...args], textOf(name), onLine);
  }

  /** Runs a script of device/ there with data as its input. */
  scriptWith(name, args, input) {
    return this.run(["sh", "-c", textOf(name), name, ...args], input);
  }

  /** What the box is: see device/probe.sh. Throws when it cannot be asked. */
  async probe({ to = "", runAs = "" } = {}) {
    const { status, stdout, stderr } = await this.script("probe.sh", [to, runAs]);
    const facts = parseFacts(stdout);
    if (status !== 0 || facts.end !== "yes") throw new Error(reason(stderr, status));
    return { ...facts, ...nodeOf(facts.nodes) };
  }

  /** Ends the shared connection. */
  async hangUp() {
    const child = spawn("ssh", ["-O", "exit", ...this.#ssh()], { stdio: "ignore" });
    await new Promise((resolve) => child.on("close", resolve).on("error", resolve));
  }
}

function pour({ file, sent }, target) {
  const source = createReadStream(file);
  const { size } = statSync(file);
  source.on("data", () => sent?.(source.bytesRead / size));
  pipeline(source, target, () => {}); // An error of the target's is told by the status.
}

/** Lines "name=value". Those that may come again are lists. */
function parseFacts(text) {
  const facts = { missing: [], nodes: [] };
  for (const [, name, value] of text.matchAll(/^(\w+)=(.*)$/gm)) {
    if (name === "missing") facts.missing.push(value);
    else if (name === "node") facts.nodes.push(value);
    else facts[name] = value;
  }
  return facts;
}

/** Why something failed there: the last line of what it said. */
const reason = (stderr, status) => stderr.trim().split("\n").pop() || `it ended with status ${status}`;

module.exports = { Device, reason, textOf, unreachable };
