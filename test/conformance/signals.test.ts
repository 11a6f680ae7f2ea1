import t from "tap";
import { inSystemCall } from "../support/activity.js";
import { leftDescriptors, openDescriptors, patience } from "../support/index.js";
import { program } from "../support/program.js";

const before = openDescriptors();

const settled = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const) {
  t.test(`S52 ${name} without a handler ends the program during wait(0)`, async (t) => {
    const waiting = program(
      t,
      ({ rosock, pair, say }) => {
        const port = new rosock.RoMessagePort();
        const { server } = pair();
        server.setMessagePort(port);
        server.notifyReadable(true);
        say("ready");
        say(rosock.wait(0, port));
      },
      [],
    );
    t.equal(await waiting.next(), "ready");
    await inSystemCall(waiting.pid);
    const start = performance.now();
    waiting.signal(name);
    t.same(await waiting.ended, { code: null, signal: name });
    t.ok(performance.now() - start < 1_000 * patience);
  });
}

t.test("S52 a signal with a JavaScript handler ends the wait, and the handler runs next", async (t) => {
  for (const [name, milliseconds] of [
    ["SIGINT", 0],
    ["SIGUSR2", 0],
    ["SIGTERM", 20_000],
  ] as const) {
    const waiting = program(
      t,
      ({ rosock, pair, say }, name, milliseconds) => {
        const port = new rosock.RoMessagePort();
        const { client, server } = pair();
        server.setMessagePort(port);
        server.notifyReadable(true);
        process.on(name, () => {
          say("handled");
          // The next wait is an ordinary one again.
          const start = performance.now();
          const nothing = port.waitMessage(100);
          say([nothing, performance.now() - start >= 99]);
          client.sendStr("x");
          say(port.waitMessage(1_000) !== null);
        });
        say("ready");
        const start = performance.now();
        say([rosock.wait(milliseconds, port), performance.now() - start < 10_000]);
        setTimeout(() => process.exit(7), 2_000).unref();
      },
      [name, milliseconds] as [NodeJS.Signals, number],
    );
    t.equal(await waiting.next(), "ready");
    await inSystemCall(waiting.pid);
    const start = performance.now();
    waiting.signal(name);
    t.same(await waiting.next(), [null, true], name);
    t.same(await waiting.next(), "handled", name);
    t.ok(performance.now() - start < 1_000 * patience, name);
    t.same(await waiting.next(), [null, true], name);
    t.same(await waiting.next(), true, name);
  }
});

t.test("S52 a signal that came just before the wait ends it too", async (t) => {
  const waiting = program(
    t,
    ({ rosock, say }) => {
      const port = new rosock.RoMessagePort();
      process.on("SIGINT", () => say("handled"));
      process.kill(process.pid, "SIGINT");
      const start = performance.now();
      say([rosock.wait(5_000, port), performance.now() - start < 2_000]);
      setTimeout(() => {}, 2_000).unref();
      setImmediate(() => {});
    },
    [],
  );
  t.same(await waiting.next(), [null, true]);
  t.equal(await waiting.next(), "handled");
});

t.test("S52 a signal ends a wait for any port, however often it changes", async (t) => {
  const waiting = program(
    t,
    ({ rosock, say }) => {
      const wait = (port: InstanceType<typeof rosock.RoMessagePort>): boolean => {
        process.kill(process.pid, "SIGINT");
        const start = performance.now();
        return rosock.wait(5_000, port) === null && performance.now() - start < 2_000;
      };
      const [first, second] = [new rosock.RoMessagePort(), new rosock.RoMessagePort()];
      let handled = 0;
      process.on("SIGINT", () => handled++);
      const ended = [wait(first), wait(second), wait(first)];
      first[Symbol.dispose]();
      const heir = new rosock.RoMessagePort(); // Its descriptor has the same number.
      ended.push(wait(second), wait(heir), wait(second));
      setTimeout(() => say([ended, handled]), 20);
    },
    [],
  );
  t.same(await waiting.next(), [[true, true, true, true, true, true], 6]);
});

t.test("S52 SIGSTOP and SIGCONT keep the deadline of wait()", async (t) => {
  for (const stopped of [150, 800]) {
    const waiting = program(
      t,
      ({ rosock, say }) => {
        const port = new rosock.RoMessagePort();
        say("ready");
        const start = performance.now();
        const message = port.waitMessage(500);
        say([message, performance.now() - start]);
      },
      [],
    );
    t.equal(await waiting.next(), "ready");
    await inSystemCall(waiting.pid);
    waiting.signal("SIGSTOP");
    await settled(stopped);
    waiting.signal("SIGCONT");
    const [message, took] = (await waiting.next()) as [unknown, number];
    t.equal(message, null);
    t.ok(took >= 499, `${took} ms`);
    t.ok(took < Math.max(500, stopped + 100) + 150 * patience, `${took} ms, stopped for ${stopped}`);
  }
});

t.test("S52 SIGSTOP and SIGCONT keep the deadline of a blocking receive()", async (t) => {
  const waiting = program(
    t,
    ({ pair, say }) => {
      const { client } = pair();
      client.setReceiveTimeout(1);
      say("ready");
      const start = performance.now();
      say([client.receiveStr(1), client.eAgain(), performance.now() - start]);
    },
    [],
  );
  t.equal(await waiting.next(), "ready");
  await inSystemCall(waiting.pid);
  for (let count = 0; count < 3; count += 1) {
    waiting.signal("SIGSTOP");
    await settled(100);
    waiting.signal("SIGCONT");
    await settled(50);
  }
  const [text, again, took] = (await waiting.next()) as [string, boolean, number];
  t.same([text, again], ["", true]);
  t.ok(took >= 999 && took < 1_000 + 200 * patience, `${took} ms`);
});

t.test("S52 signals that nobody handles and that end nothing are no reason to return", async (t) => {
  const waiting = program(
    t,
    ({ rosock, childProcess, say }) => {
      const port = new rosock.RoMessagePort();
      say("ready");
      let start = performance.now();
      say([port.waitMessage(300), performance.now() - start >= 299]);
      // Node's own handler of SIGCHLD is installed now; the child ends during the wait.
      const child = childProcess.spawn("sleep", ["0.1"], { stdio: "ignore" });
      child.on("exit", (code) => say(["exit", code]));
      start = performance.now();
      say([port.waitMessage(400), performance.now() - start >= 399]);
      // Nor is it in a program that handles other signals.
      process.on("SIGINT", () => {});
      childProcess.spawn("sleep", ["0.1"], { stdio: "ignore" }).unref();
      start = performance.now();
      say([port.waitMessage(400), performance.now() - start >= 399]);
      process.removeAllListeners("SIGINT");
    },
    [],
  );
  t.equal(await waiting.next(), "ready");
  await inSystemCall(waiting.pid);
  for (const name of ["SIGCHLD", "SIGWINCH", "SIGURG", "SIGCHLD"] as const) waiting.signal(name);
  t.same(await waiting.next(), [null, true]);
  t.same(await waiting.next(), [null, true], "the child's end is no reason");
  t.same(await waiting.next(), [null, true], "also when there is a handler for another signal");
  t.same(await waiting.next(), ["exit", 0], "and Node learns of it afterwards");
});

t.test("S52 a signal handled after it was removed again is the default again", async (t) => {
  const waiting = program(
    t,
    ({ rosock, say }) => {
      const port = new rosock.RoMessagePort();
      const handler = () => say("handled");
      process.on("SIGINT", handler);
      process.removeListener("SIGINT", handler);
      say("ready");
      say(rosock.wait(0, port));
    },
    [],
  );
  t.equal(await waiting.next(), "ready");
  await inSystemCall(waiting.pid);
  waiting.signal("SIGINT");
  t.same(await waiting.ended, { code: null, signal: "SIGINT" });
});

t.test("S52 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
