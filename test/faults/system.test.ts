// What cannot be had on a machine that others use: suspend, and setting the system's clock. SIGSTOP stands for the one; for the
// other, JavaScript's clock is set back in the program's own process.
import { constants } from "node:os";
import t from "tap";
import { openAtRest } from "../support/at-rest.js";
import { hang, leftDescriptors, peer, skipWithout } from "../support/index.js";
import { program } from "../support/program.js";
import { endWorkers } from "../support/scenarios.js";

const { ENOBUFS } = constants.errno;
const other = peer(t);
const before = openAtRest();

t.test("clock set back: deadlines are of the monotonic clock", async (t) => {
  const child = program(
    t,
    async ({ rosock, pair, say }) => {
      // Every look at it finds it an hour earlier.
      let clock = Date.now();
      Date.now = () => {
        clock -= 3_600_000;
        return clock;
      };
      const timed = (work: () => unknown) => {
        const start = performance.now();
        work();
        return performance.now() - start;
      };
      const port = new rosock.RoMessagePort();
      const { client, server } = pair();
      server.setReceiveTimeout(1);
      const start = performance.now();
      await port.waitMessageAsync(200);
      const awaited = performance.now() - start;
      say([awaited, timed(() => port.waitMessage(200)), timed(() => server.receiveStr(1)) - 800]);
      client.sendStr("x");
      server.setMessagePort(port);
      server.notifyReadable(true);
      say([port.waitMessage(60_000), port.waitMessage(60_000)].every((event) => event !== null));
    },
    [],
  );
  for (const milliseconds of (await child.next()) as number[]) {
    t.ok(milliseconds >= 199 && milliseconds < hang, `${milliseconds} ms`);
  }
  t.equal(await child.next(), true, "an event comes, and again");
});

t.test("fork of a child (descriptors not inherited)", async (t) => {
  const child = program(
    t,
    ({ rosock, address, pair, childProcess, fs, say }) => {
      const port = new rosock.RoMessagePort();
      const { client, server } = pair();
      const udp = new rosock.RoDataGramSocket();
      udp.setAddress(address("127.0.0.1:0"));
      const listening = new rosock.RoStreamSocket();
      listening.setAddress(address("127.0.0.1:0"));
      listening.listen(1);
      for (const socket of [client, server, udp, listening]) {
        socket.setMessagePort(port);
        socket.notifyReadable(true);
      }
      port.getMessage();
      const hostPort = listening.getAddress().getAddress();
      const sleeper = childProcess.spawn("sleep", ["20"], { stdio: "ignore" });
      const open = fs.readdirSync(`/proc/${sleeper.pid}/fd`);
      const inherited = open.filter((name) => {
        try {
          return /^(socket|anon_inode):/.test(fs.readlinkSync(`/proc/${sleeper.pid}/fd/${name}`));
        } catch {
          return false; // The child is still starting, and has closed it again.
        }
      });
      say(inherited);
      // What the child had, it would keep open after our close.
      client.close();
      listening.close();
      const again = new rosock.RoStreamSocket();
      again.setReuseAddr(false);
      say([port.waitMessage(2_000) !== null, server.receiveStr(1), server.status()]);
      say([again.setAddress(address(hostPort)), again.listen(1)]);
      sleeper.kill();
    },
    [],
  );
  t.same(await child.next(), []);
  t.same(await child.next(), [true, "", 0], "the end is seen at once");
  t.same(await child.next(), [true, true], "the listener's port is free");
});

t.test(
  "memory limit: what does not fit fails, and the sockets go on",
  { skip: skipWithout("prlimit") },
  async (t) => {
    const child = program(
      t,
      ({ rosock, pair, fs, childProcess, say }) => {
        const { client, server } = pair();
        const port = new rosock.RoMessagePort();
        server.setMessagePort(port);
        server.notifyReadable(true);
        port.getMessage();
        const size =
          Number(/VmSize:\s+(\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))?.[1]) * 1_024;
        // V8 itself gives up without some room to move.
        const limit = size + 512 * 1_024 * 1_024;
        childProcess.execFileSync("prlimit", ["--pid", `${process.pid}`, `--as=${limit}:`]);
        const bytes = new rosock.RoByteArray();
        const far = 2_000_000_000;
        const attempt = (work: () => unknown) => {
          try {
            return work();
          } catch (error) {
            return (error as Error).name;
          }
        };
        say(attempt(() => bytes.setEntry(far, 1)));
        client.sendStr("hello");
        say(attempt(() => [server.receive(bytes, far, 10), server.status(), bytes.count()]));
        say(attempt(() => [server.receive(bytes, 0, 10), server.status(), bytes.toAsciiString()]));
        say(attempt(() => bytes.readFile("/dev/zero", 0, far)));
        say(bytes.toAsciiString());
        client.sendStr("on");
        say([port.waitMessage(1_000) !== null, server.receiveStr(10), pair().client.isConnected()]);
      },
      [],
      // Else each thread, whenever it first allocates something, takes 128 MiB of the addresses.
      ["env", "MALLOC_ARENA_MAX=1"],
    );
    t.equal(await child.next(), "RangeError");
    t.same(await child.next(), [-1, ENOBUFS, 0]);
    t.same(await child.next(), [5, 0, "hello"], "nothing was lost by that");
    t.equal(await child.next(), false);
    t.equal(await child.next(), "hello");
    t.same(await child.next(), [true, "on", true]);
  },
);

t.test("worker ended in every call, wherever it happens to be", async (t) => {
  await endWorkers(t, other, 12);
});

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
