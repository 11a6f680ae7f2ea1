// A virtual set-top box: builds what it boots from once, boots it, and ends it, cleanly or as a power cut does.

const { execFile, execFileSync, spawn, spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const net = require("node:net");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { promisify } = require("node:util");
const { fetchNode } = require("../node.js");
const { Apt, Modules } = require("./debian.js");
const system = require("./system.js");

const runFile = promisify(execFile);
const folder = join(__dirname, "..", "..", "build", "virtual");
const kinds = JSON.parse(fs.readFileSync(join(__dirname, "boxes.json"), "utf8"));
const kindNames = Object.keys(kinds);

/** How long a box may take from power to ssh, in milliseconds; an emulator on a busy machine is slow. */
const bootLimit = 180_000;

const programs = { cpio: "cpio", mke2fs: "e2fsprogs", ssh: "openssh-client", "ssh-keygen": "openssh-client" };

/** The Debian packages that are missing here for such a box. */
function missingPackages(name) {
  const needed = { ...programs, [kinds[name].emulator]: "qemu-system-arm" };
  const path = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const absent = Object.keys(needed).filter(
    (each) => spawnSync("sh", ["-c", `command -v ${each}`], { env: path }).status !== 0,
  );
  return [...new Set(absent.map((each) => needed[each]))];
}

/** Whatever the system is made from: another version of these makes another system. */
function version(kind) {
  const hash = createHash("sha256").update(JSON.stringify(kind));
  for (const file of ["debian.js", "system.js", "rcS"]) hash.update(fs.readFileSync(join(__dirname, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Kernel and initramfs for a kind of box, made when they are not there yet. */
function makeSystem(name, say) {
  const kind = kinds[name];
  const home = join(folder, name);
  const files = { kernel: join(home, "kernel"), initramfs: join(home, "initramfs") };
  const stamp = join(home, "version");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === version(kind)) return files;

  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true });
  say(`making a box (${kind.description}): fetching packages`);
  const apt = (architecture) => {
    const made = new Apt(join(folder, `apt-${architecture}`), architecture);
    made.update();
    return made;
  };
  const userland = apt(kind.userland);
  userland.unpack(system.packages, join(home, "userland"));
  const other = kind.kernel.architecture === kind.userland ? userland : apt(kind.kernel.architecture);
  const image = other.dependency(kind.kernel.package, /^linux-image-\d/);
  other.unpack([image], join(home, "packages"));
  const release = image.replace("linux-image-", "");
  const modules = new Modules(join(home, "packages", "lib", "modules", release)).closure(system.modules);

  say("making its root file system");
  system.makeRoot(join(home, "root"), join(home, "userland"), modules);
  system.makeInitramfs(join(home, "root"), files.initramfs);
  fs.copyFileSync(join(home, "packages", "boot", `vmlinuz-${release}`), files.kernel);
  for (const each of ["userland", "packages", "root"]) fs.rmSync(join(home, each), { recursive: true });
  fs.writeFileSync(stamp, version(kind));
  return files;
}

/** A port of this machine that is free now: the one wanted, if it is. */
function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on("error", (error) => (wanted === 0 ? reject(error) : resolve(freePort())));
    server.listen(wanted, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

class Box {
  #child;
  #ended;
  #isUp = false;
  console = "";

  /**
   * @param options - `kind` (of boxes.json), `memory` in MiB, `disk` size as of truncate(1), `node` whether it has Node,
   * `ports` of the box to be reached from here, `samePorts` whether by the same numbers if these are free, `say` for progress
   */
  static async make(options) {
    const { kind, memory = 512, disk = "512M", node = false, ports = [54321], say = () => {} } = options;
    const missing = missingPackages(kind);
    if (missing.length > 0) throw new Error(`a virtual box needs apt-get install ${missing.join(" ")}`);
    const box = new Box();
    box.kind = kind;
    box.memory = memory;
    box.files = makeSystem(kind, say);
    box.folder = fs.mkdtempSync(join(tmpdir(), "rosock-box-"));
    box.key = join(box.folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "rosock", "-f", box.key]);
    box.hostKey = system.makeHostKey();
    box.#makeDisk(disk, node ? fetchNode(kinds[kind].arch) : null);
    box.guestPorts = [22, ...ports];
    box.samePorts = options.samePorts ?? false;
    return box;
  }

  #makeDisk(size, node) {
    const content = join(this.folder, "data");
    fs.mkdirSync(join(content, "ssh"), { recursive: true, mode: 0o700 });
    fs.mkdirSync(join(content, "init.d"));
    fs.copyFileSync(`${this.key}.pub`, join(content, "ssh", "authorized_keys"));
    fs.writeFileSync(join(content, "ssh", "host_key"), this.hostKey.dropbear, { mode: 0o600 });
    if (node !== null) fs.cpSync(node, join(content, "node"), { recursive: true });
    this.disk = join(this.folder, "data.img");
    system.makeDisk(this.disk, size, content);
    fs.rmSync(content, { recursive: true });
  }

  /** Where a port of the box is on this machine. */
  port(guest) {
    return this.hostPorts[this.guestPorts.indexOf(guest)];
  }

  /** The ssh command for it, up to the remote command. */
  get ssh() {
    return ["ssh", "-p", String(this.port(22)), "-i", this.key, ...this.sshOptions, "root@127.0.0.1"];
  }

  get sshOptions() {
    const known = `UserKnownHostsFile=${this.knownHosts}`;
    return ["-o", known, "-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes"];
  }

  get knownHosts() {
    return join(this.folder, "known_hosts");
  }

  /** Switches it on, and waits until it can be logged in to. */
  async start() {
    const { emulator, cpu } = kinds[this.kind];
    this.hostPorts = [];
    for (const guest of this.guestPorts)
      this.hostPorts.push(await freePort(this.samePorts && guest >= 1024 ? guest : 0));
    fs.writeFileSync(this.knownHosts, `[127.0.0.1]:${this.port(22)} ${this.hostKey.known}\n`);
    const forwards = this.guestPorts.map(
      (guest, i) => `hostfwd=tcp:127.0.0.1:${this.hostPorts[i]}-:${guest}`,
    );
    const machine = ["-M", "virt", "-cpu", cpu, "-m", String(this.memory), "-nographic", "-no-reboot"];
    const boot = [
      "-kernel",
      this.files.kernel,
      "-initrd",
      this.files.initramfs,
      "-append",
      "console=ttyAMA0 quiet panic=1",
    ];
    const disk = [
      "-drive",
      `if=none,file=${this.disk},format=raw,id=data`,
      "-device",
      "virtio-blk-device,drive=data",
    ];
    const network = [
      `user,id=net,restrict=on,${forwards.join(",")}`,
      "-device",
      "virtio-net-device,netdev=net",
    ];
    this.#child = spawn(emulator, [...machine, ...boot, ...disk, "-netdev", ...network], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // A Ctrl-C is for this process, which shuts the box down.
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        this.console += text;
      });
    }
    this.#ended = new Promise((resolve) => this.#child.on("close", resolve));
    await this.#loggedIn();
  }

  async #loggedIn() {
    const deadline = Date.now() + bootLimit;
    const [program, ...args] = this.ssh;
    const words = ["-o", "ConnectTimeout=10", ...args, "true"];
    while (!this.#isUp) {
      await runFile(program, words, { timeout: 30_000 }).then(
        () => {
          this.#isUp = true;
        },
        () => new Promise((resolve) => setTimeout(resolve, 500)),
      );
      if (this.#hasEnded || Date.now() > deadline)
        throw new Error(`the box does not answer:\n${this.console.slice(-2000)}`);
    }
  }

  get #hasEnded() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Runs a command in it. */
  run(command, options = {}) {
    const [program, ...args] = this.ssh;
    const limits = ["-o", "ConnectTimeout=10"];
    return spawnSync(program, [...limits, ...args, command], {
      encoding: "utf8",
      timeout: 120_000,
      ...options,
    });
  }

  /** Cuts its power. */
  async cut() {
    this.#child.kill("SIGKILL");
    await this.#ended;
    this.#isUp = false;
  }

  /** Shuts it down. */
  async stop() {
    if (this.#child === undefined || this.#hasEnded) return;
    if (!this.#isUp) return this.cut();
    this.run("sync; poweroff");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 20_000);
    await this.#ended;
    clearTimeout(timer);
    this.#isUp = false;
  }

  /** Shuts it down and throws it away. */
  async dispose() {
    await this.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  get ended() {
    return this.#ended;
  }
}

module.exports = { Box, kindNames, kinds, missingPackages };
