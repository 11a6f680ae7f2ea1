// The virtual box's system: a kernel, an initramfs with BusyBox, dropbear and the libraries that Node needs, and a disk for /data.

const { execFileSync } = require("node:child_process");
const { generateKeyPairSync } = require("node:crypto");
const fs = require("node:fs");
const { basename, join } = require("node:path");

const packages = [
  "busybox-static",
  "dropbear-bin",
  "libatomic1",
  "libc6",
  "libcrypt1",
  "libgcc-s1",
  "libstdc++6",
  "libtomcrypt1",
  "libtommath1",
  "libgmp10",
  "zlib1g",
];
const modules = [
  "virtio_mmio",
  "virtio_pci",
  "virtio_blk",
  "virtio_net",
  "ext4",
  "crc32c_generic",
  "libcrc32c",
];
const folders = [
  "bin",
  "sbin",
  "etc",
  "dev",
  "proc",
  "sys",
  "tmp",
  "run",
  "data",
  "root",
  "lib/modules",
  "usr/bin",
];

/** What dropbear and Node load, and the loader itself. */
const wanted =
  /\/(ld-linux[\w-]*|lib(atomic|c|crypt|dl|gcc_s|gmp|m|nss_dns|nss_files|pthread|resolv|rt|stdc\+\+|tomcrypt|tommath|z))\.so[.\d]*$/;

function copyLibraries(from, to) {
  for (const path of fs.readdirSync(from, { recursive: true })) {
    const source = join(from, path);
    if (!wanted.test(`/${path}`)) continue;
    const target = join(to, path.replace(/^usr\//, ""));
    fs.mkdirSync(join(target, ".."), { recursive: true });
    fs.cpSync(source, target, { verbatimSymlinks: true });
  }
}

/** The files of the root file system. */
function makeRoot(root, unpacked, kernelModules) {
  for (const folder of folders) fs.mkdirSync(join(root, folder), { recursive: true });
  fs.copyFileSync(join(unpacked, "bin", "busybox"), join(root, "bin", "busybox"));
  for (const name of ["sh", "init", "mount"]) fs.symlinkSync("busybox", join(root, "bin", name));
  for (const name of ["dropbear", "dropbearkey"]) {
    const found = ["usr/sbin", "usr/bin"].map((folder) => join(unpacked, folder, name)).find(fs.existsSync);
    if (found) fs.copyFileSync(found, join(root, "sbin", name));
  }
  copyLibraries(unpacked, root);
  for (const path of kernelModules) fs.copyFileSync(path, join(root, "lib", "modules", basename(path)));
  fs.writeFileSync(
    join(root, "etc", "modules"),
    `${kernelModules.map((path) => basename(path)).join("\n")}\n`,
  );
  fs.writeFileSync(
    join(root, "etc", "passwd"),
    "root:x:0:0:root:/root:/bin/sh\nrosock:x:100:100::/data:/bin/sh\n",
  );
  fs.writeFileSync(join(root, "etc", "group"), "root:x:0:\nrosock:x:100:\n");
  fs.writeFileSync(join(root, "etc", "shells"), "/bin/sh\n");
  fs.writeFileSync(join(root, "etc", "hosts"), "127.0.0.1 localhost\n");
  fs.writeFileSync(
    join(root, "etc", "inittab"),
    "::sysinit:/etc/rcS\n::shutdown:/bin/busybox sync\n::shutdown:/bin/busybox umount -a -r\n",
  );
  fs.copyFileSync(join(__dirname, "rcS"), join(root, "etc", "rcS"));
  fs.chmodSync(join(root, "etc", "rcS"), 0o755);
  fs.symlinkSync("/data/ssh", join(root, "root", ".ssh"));
  // All of BusyBox's programs, made once at the start: the box's own list says which there are.
  fs.writeFileSync(join(root, "init"), "#!/bin/sh\n/bin/busybox --install -s\nexec /sbin/init\n", {
    mode: 0o755,
  });
}

function makeInitramfs(root, file) {
  const list = fs.readdirSync(root, { recursive: true }).join("\n");
  const archive = execFileSync("cpio", ["-o", "-H", "newc", "-R", "0:0", "--quiet"], {
    cwd: root,
    input: list,
    maxBuffer: 1 << 28,
  });
  fs.writeFileSync(file, require("node:zlib").gzipSync(archive, { level: 6 }));
}

/** A string as the ssh protocol has it. */
function sshString(bytes) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** An ed25519 key: as dropbear keeps it, and the public half as known_hosts has it. */
function makeHostKey() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = (key, field) => Buffer.from(key.export({ format: "jwk" })[field], "base64url");
  const type = sshString(Buffer.from("ssh-ed25519"));
  const point = raw(publicKey, "x");
  return {
    dropbear: Buffer.concat([type, sshString(Buffer.concat([raw(privateKey, "d"), point]))]),
    known: `ssh-ed25519 ${Buffer.concat([type, sshString(point)]).toString("base64")}`,
  };
}

/** The disk for /data, with what is in the folder `content` on it. Made without mounting anything. */
function makeDisk(file, size, content) {
  execFileSync("truncate", ["-s", size, file]);
  execFileSync(
    "mke2fs",
    [
      "-q",
      "-F",
      "-t",
      "ext4",
      "-O",
      "^metadata_csum_seed,^orphan_file",
      "-E",
      "root_owner=0:0",
      "-d",
      content,
      file,
    ],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
}

module.exports = { makeDisk, makeHostKey, makeInitramfs, makeRoot, modules, packages };
