import { RoMessagePort, type RoStreamSocket, wait } from "rosock";
import t, { type Test } from "tap";
import { activity, activitySince } from "../support/activity.js";
import { arrived, becomesReadable, drain, staysQuiet } from "../support/events.js";
import {
  accept,
  connected,
  connectedPair,
  eventID,
  hang,
  leftDescriptors,
  listener,
  openDescriptors,
  patience,
  peer,
  shortest,
  sleeps,
  timed,
  waitFor,
} from "../support/index.js";
import { type Program, program } from "../support/program.js";

const other = peer(t);
const before = openDescriptors();

/** A connected socket that is writable and says so. */
function writable(t: Test, port: RoMessagePort): RoStreamSocket {
  const { server } = connectedPair(t, { server: port });
  server.notifyWritable(true);
  return server;
}

/** Stops the thread's progress without a system call. */
function spin(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

t.test("S37 a drain loop over sockets nobody touches ends", async (t) => {
  const port = new RoMessagePort();
  const ids = Array.from({ length: 50 }, () => writable(t, port).getID()).sort((a, b) => a - b);
  const drained = drain(port);
  t.ok(drained.length < 500, `${drained.length} events`);
  t.same(
    [...new Set(drained)].sort((a, b) => a - b),
    ids,
    "each socket had its event",
  );
});

t.test("S37 a drain loop that peeks before it takes ends", async (t) => {
  const port = new RoMessagePort();
  for (let count = 0; count < 10; count += 1) writable(t, port);
  let taken = 0;
  while (port.peekMessage() !== null && taken < 1_000) {
    port.getMessage();
    taken += 1;
  }
  t.ok(taken >= 10 && taken < 100, `${taken} events`);
});

t.test("S37 a drain loop ends also when each turn takes longer than the pace", async (t) => {
  const port = new RoMessagePort();
  for (let count = 0; count < 3; count += 1) writable(t, port);
  let taken = 0;
  for (; port.getMessage() !== null && taken < 50; taken += 1) spin(6);
  t.ok(taken >= 3 && taken < 50, `${taken} events`);
});

t.test("S37 a drain loop that reads part of the data ends when all is read", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  client.sendStr("0123456789");
  arrived(server, 10);
  let text = "";
  while (port.getMessage() !== null) text += server.receiveStr(3);
  t.equal(text, "0123456789");
});

t.test("S37 the end and an error do not keep a drain loop going", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  client.close();
  becomesReadable(server);
  t.same(drain(port), [server.getID()]);
});

t.test("S38 an event consumed without touching the socket comes again after 5 ms", async (t) => {
  const port = new RoMessagePort();
  const socket = writable(t, port);
  t.equal(eventID(port), socket.getID());
  const again = () => {
    const { value, milliseconds } = timed(() => eventID(port));
    t.equal(value, socket.getID());
    return milliseconds;
  };
  const times = Array.from({ length: 10 }, again);
  t.ok(Math.min(...times) >= 4.5, `${times}`);
  const time = await shortest(15, again);
  t.ok(time < 15, `${time} ms`);
});

t.test("S38 a program that ignores writability does not take the whole CPU", async (t) => {
  const port = new RoMessagePort();
  for (let count = 0; count < 5; count += 1) writable(t, port);
  const cpu = process.cpuUsage();
  let events = 0;
  const start = performance.now();
  while (events < 25 || performance.now() - start < 200) if (wait(hang, port) !== null) events += 1;
  const { user, system } = process.cpuUsage(cpu);
  const time = performance.now() - start;
  t.ok(events <= 5 * (time / 5 + 2), `${events} events of 5 sockets in ${time} ms`);
  t.ok((user + system) / 1_000 < time / 2, `${user + system} µs of CPU in ${time} ms`);
});

t.test("S38 the same for a program that polls with getMessage", async (t) => {
  const port = new RoMessagePort();
  const socket = writable(t, port);
  let events = 0;
  const start = performance.now();
  while (events < 5 || performance.now() - start < 200) {
    if (port.getMessage() !== null) events += 1;
    else spin(0.2);
  }
  const time = performance.now() - start;
  t.ok(events <= time / 5 + 2, `${events} events in ${time} ms`);
  t.ok(socket.isWritable());
});

/** Forty events, the socket touched after each: without any pacing this takes almost no time, with it forty sleeps and 200 ms. */
function forty(t: Test, port: RoMessagePort, id: number, touch: () => unknown): void {
  t.equal(eventID(port), id);
  const sleptBefore = sleeps();
  const { value, milliseconds } = timed(() => {
    let events = 0;
    for (let count = 0; count < 40; count += 1) {
      touch();
      if (eventID(port) === id) events += 1;
    }
    return events;
  });
  const slept = sleeps() - sleptBefore;
  t.equal(value, 40);
  t.ok(milliseconds < 120 || slept < 20, `${milliseconds} ms, ${slept} sleeps`);
}

t.test("S38 receive makes it due again at once", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  client.sendStr("x".repeat(100));
  arrived(server, 100);
  server.notifyReadable(true);
  forty(t, port, server.getID(), () => server.receiveStr(1));
  t.equal(server.receiveStr(100).length, 60);
});

t.test("S38 send, connect and a notify call make it due again at once", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { client: port });
  client.notifyWritable(true);
  const id = client.getID();
  forty(t, port, id, () => client.sendStr("x"));
  forty(t, port, id, () => client.notifyWritable(true));
  forty(t, port, id, () => client.notifyException(true));
  forty(t, port, id, () => t.equal(client.connect(), true));
  arrived(server, 40);
  t.equal(server.receiveStr(100), "x".repeat(40), "a notify call or a connect sends nothing");
});

t.test("S38 accept makes it due again at once", async (t) => {
  const port = new RoMessagePort();
  const listening = listener(t, port, 64);
  for (let count = 0; count < 41; count += 1) connected(t, listening.hostPort);
  listening.socket.notifyReadable(true);
  forty(t, port, listening.socket.getID(), () => accept(t, listening.socket));
});

t.test("S38 the is… and getCount… methods are no touch", async (t) => {
  const port = new RoMessagePort();
  const socket = writable(t, port);
  eventID(port);
  const times = Array.from({ length: 5 }, () => {
    socket.isWritable();
    socket.isReadable();
    socket.getCountSendBuf();
    socket.status();
    return timed(() => eventID(port)).milliseconds;
  });
  t.ok(Math.min(...times) >= 4.5, `${times}`);
});

t.test("S38 the end of the stream is paced, too", async (t) => {
  const port = new RoMessagePort();
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  client.close();
  t.equal(eventID(port), server.getID());
  let events = 0;
  const start = performance.now();
  while (events < 5 || performance.now() - start < 200) {
    // A program that does not know what an empty text with status 0 means.
    if (server.receiveStr(10) !== "" || server.status() !== 0) return t.fail("not the end");
    if (eventID(port) === server.getID()) events += 1;
  }
  const time = performance.now() - start;
  t.ok(events <= time / 5 + 2, `${events} events in ${time} ms`);
});

t.test("S38 an ignored socket holds up nobody else", async (t) => {
  const port = new RoMessagePort();
  const ignored = writable(t, port);
  const busy = connectedPair(t, { server: port });
  busy.server.notifyReadable(true);
  const sleptBefore = sleeps();
  const { value, milliseconds } = timed(() => {
    let events = 0;
    for (let count = 0; count < 40; count += 1) {
      busy.client.sendStr("x");
      arrived(busy.server);
      let id = eventID(port);
      if (id === ignored.getID()) id = eventID(port);
      if (id === busy.server.getID()) events += 1;
      busy.server.receiveStr(1);
    }
    return events;
  });
  const slept = sleeps() - sleptBefore;
  t.equal(value, 40);
  t.ok(milliseconds < 120 || slept < 20, `${milliseconds} ms, ${slept} sleeps`);
});

t.test("S39 sockets ready together are delivered in turn", async (t) => {
  const port = new RoMessagePort();
  const pairs = Array.from({ length: 10 }, () => connectedPair(t, { server: port }));
  const byID = new Map(pairs.map(({ server }) => [server.getID(), server]));
  for (const { client, server } of pairs) {
    server.notifyReadable(true);
    client.sendStr("x".repeat(1_000));
  }
  for (const { server } of pairs) arrived(server, 1_000);
  for (let turn = 0; turn < 20; turn += 1) {
    const ids = new Set<number>();
    for (let count = 0; count < 10; count += 1) {
      const id = eventID(port)!;
      byID.get(id)!.receiveStr(1);
      ids.add(id);
    }
    t.equal(ids.size, 10, `turn ${turn}`);
  }
});

t.test("S39 a flooding peer does not starve a quiet one", async (t) => {
  const port = new RoMessagePort();
  const listening = listener(t);
  const flood = other.start(async ({ net, once, state }, to) => {
    state.flood = net.connect(to, "127.0.0.1");
    state.flood.on("error", () => {});
    await once(state.flood, "connect");
    const data = Buffer.alloc(65_536);
    const more = () => {
      while (!state.flood.destroyed && state.flood.write(data));
    };
    state.flood.on("drain", more);
    more();
  }, listening.portNumber);
  const flooded = accept(t, listening.socket);
  flood.result();
  flooded.setMessagePort(port);
  flooded.notifyReadable(true);
  const { client, server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  let [answers, longest, floods] = [0, 0, 0];
  while (answers < 200) {
    client.sendStr("?");
    arrived(server);
    let between = 0;
    for (let id = eventID(port); id !== server.getID(); id = eventID(port)) {
      if (id === null) return t.fail("no event");
      flooded.receiveStr(512);
      between += 1;
      floods += 1;
      if (between > 1_000) return t.fail("starved");
    }
    server.receiveStr(1);
    longest = Math.max(longest, between);
    answers += 1;
  }
  t.ok(longest <= 3, `up to ${longest} events of the other in between`);
  t.ok(floods > 50, `${floods} events of the flooding one`);
  other.call(({ state }) => {
    state.flood.destroy();
  });
});

t.test("S40 idle waits sleep in the kernel", async (t) => {
  const programs: [string, Program][] = [
    [
      "wait(0) with 100 sockets",
      program(
        t,
        ({ rosock, pair, say }) => {
          const port = new rosock.RoMessagePort();
          const keep: unknown[] = [];
          for (let count = 0; count < 50; count += 1) {
            const { client, server } = pair();
            for (const socket of [client, server]) {
              socket.setMessagePort(port);
              socket.notifyReadable(true);
              keep.push(socket);
            }
          }
          say("ready");
          rosock.wait(0, port);
          say(keep.length);
        },
        [],
      ),
    ],
    [
      "for await with 100 sockets",
      program(
        t,
        async ({ rosock, pair, say }) => {
          const port = new rosock.RoMessagePort();
          const keep: unknown[] = [];
          for (let count = 0; count < 50; count += 1) {
            const { client, server } = pair();
            for (const socket of [client, server]) {
              socket.setMessagePort(port);
              socket.notifyReadable(true);
              keep.push(socket);
            }
          }
          say("ready");
          for await (const event of port) say([event, keep.length]);
        },
        [],
      ),
    ],
    [
      "receive(), and wait(0) in a worker",
      program(
        t,
        ({ library, workers, pair, say }) => {
          const source = `const { RoMessagePort, RoStreamSocket, wait } = require(${JSON.stringify(library)});
            const socket = new RoStreamSocket();
            const port = new RoMessagePort();
            socket.setMessagePort(port);
            socket.notifyReadable(true);
            wait(0, port);`;
          const worker = new workers.Worker(source, { eval: true });
          worker.once("online", () => {
            const { server } = pair();
            say("ready");
            server.receiveStr(1);
          });
        },
        [],
      ),
    ],
  ];
  for (const [name, each] of programs) t.equal(await each.next(), "ready", name);
  // Starting goes on for a while in the other threads of the process.
  const resting = programs.map(async ([name, { pid }]) => {
    let last = activity(pid);
    await waitFor(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200 * patience));
      const since = activitySince(pid, last);
      last = activity(pid);
      return since.switches <= Math.ceil(0.6 * patience); // As often as below.
    }, `${name} to come to rest`);
  });
  await Promise.all(resting);
  // On a busy machine something may still be catching up: each gets five times 2 s, of which it must be at rest in one.
  const measured = programs.map(async ([name, { pid }]) => {
    let [switches, ticks] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let attempt = 0; attempt < 5 && (switches > 6 || ticks > patience); attempt += 1) {
      const start = activity(pid);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      ({ switches, ticks } = activitySince(pid, start));
    }
    t.ok(switches <= 6, `${name}: ${switches} context switches in 2 s`);
    t.ok(ticks <= patience, `${name}: ${ticks * 10} ms of CPU in 2 s`);
  });
  await Promise.all(measured);
});

t.test("S40 a wait with nothing to do lasts as long as asked", async (t) => {
  const port = new RoMessagePort();
  const { server } = connectedPair(t, { server: port });
  server.notifyReadable(true);
  for (const milliseconds of [1, 20, 100]) {
    const time = await shortest(milliseconds + 10, () => {
      const taken = timed(() => wait(milliseconds, port));
      t.equal(taken.value, null);
      return taken.milliseconds;
    });
    t.ok(time >= milliseconds - 0.5, `${time} ms instead of ${milliseconds}`);
    t.ok(time < milliseconds + 10, `${time} ms instead of ${milliseconds}`);
  }
  t.ok(staysQuiet(port));
});

t.test("S37-S40 no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
