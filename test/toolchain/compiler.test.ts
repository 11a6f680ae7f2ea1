import { join } from "node:path";
import t from "tap";
import { skipWithout } from "../support/index.js";

const root = join(__dirname, "../../..");
const { findCompiler, fits, sdkName } = require(join(root, "toolchain/compiler.js"));
const { loadTarget, targetFor, targetNames } = require(join(root, "toolchain/target.js"));

const skip = skipWithout("arm-linux-gnueabihf-g++");
const sdk = (more: Record<string, string>) => ({
  CC: "arm-linux-gnueabihf-gcc -march=armv7-a -mfpu=neon -mfloat-abi=hard",
  CXX: "arm-linux-gnueabihf-g++ -march=armv7-a -mfpu=neon -mfloat-abi=hard",
  ...more,
});

t.test("a target is found by name, and another name is told from those there are", async (t) => {
  t.same(targetNames(), ["linux-arm", "linux-arm64", "linux-x64"]);
  for (const name of ["linux-mips", "../package", ""]) {
    t.throws(() => loadTarget(name), {
      message: /unknown target .*: there are linux-arm, linux-arm64, linux-x64/,
    });
  }
});

t.test("a target is found by a compiler's or an SDK's name for the machine", async (t) => {
  for (const machine of ["arm", "arm-linux-gnueabihf", "armv7a-poky-linux-gnueabi"]) {
    t.equal(targetFor(machine).name, "linux-arm", machine);
  }
  t.equal(targetFor("aarch64-poky-linux").name, "linux-arm64");
  t.equal(targetFor("x86_64").name, "linux-x64");
  t.equal(targetFor("riscv64-linux-gnu"), undefined);
  t.equal(fits("arm-none-eabi", loadTarget("linux-arm")), false, "not a bare-metal compiler");
});

t.test("a sourced SDK's compiler is used as it is, flags and all", { skip }, async (t) => {
  const target = loadTarget("linux-arm");
  const yocto = sdk({ SDKTARGETSYSROOT: "/sysroot", STRIP: "arm-linux-gnueabihf-strip" });
  const found = findCompiler(target, {}, yocto);
  t.equal(found.origin, "Yocto SDK");
  t.equal(found.programs.CXX, yocto.CXX);
  t.equal(found.programs.LINK, yocto.CXX);
  t.same(found.flags, [], "which knows its processor better than the target does");
  const buildroot = sdk({ CROSS_COMPILE: "arm-linux-gnueabihf-", CONFIGURE_FLAGS: "--host=arm" });
  t.equal(sdkName(buildroot), "Buildroot SDK");
  t.equal(findCompiler(target, {}, buildroot).programs.STRIP, "arm-linux-gnueabihf-strip");
  t.throws(() => findCompiler(loadTarget("linux-arm64"), {}, yocto), {
    message: /compiles for arm-linux-gnueabihf, not for/,
  });
});

t.test("a prefix and a sysroot are named on the command line", { skip }, async (t) => {
  const target = loadTarget("linux-arm");
  const found = findCompiler(target, { prefix: "arm-linux-gnueabihf-", sysroot: "/" }, {});
  t.equal(found.programs.CC, "arm-linux-gnueabihf-gcc --sysroot=/");
  t.same(found.flags, target.flags);
  for (const sysroot of ["/no/such/folder", "/a b"])
    t.throws(() => findCompiler(target, { sysroot }, {}), { message: /--sysroot: expected a folder/ });
});

t.test("a compiler that is not there is told with how to get one", async (t) => {
  t.throws(() => findCompiler(loadTarget("linux-arm"), { prefix: "no-such-" }, {}), {
    message: /no-such-g\+\+ does not run/,
  });
  const absent = { ...loadTarget("linux-arm"), debian: { prefix: "no-such-", package: "g++-no-such" } };
  t.throws(() => findCompiler(absent, {}, {}), { message: /apt-get install g\+\+-no-such/ });
});
