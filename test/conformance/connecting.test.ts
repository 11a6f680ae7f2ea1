import { constants } from "node:os";
import { RoMessagePort, RoSocketAddress, type RoSocketEvent, type RoStreamSocket } from "rosock";
import t from "tap";
import {
  accept,
  address,
  connected,
  descriptorOf,
  eventID,
  hang,
  kernelSocket,
  kernelSockets,
  leftDescriptors,
  listener,
  openDescriptors,
  peer,
  peerInNetwork,
  refusing,
  type Scope,
  skipWithout,
  skipWithoutNetworks,
  streamSocket,
  timed,
  unanswering,
  waitForSync,
  withDescriptor,
} from "../support/index.js";

const { EADDRNOTAVAIL, ECONNREFUSED, EDESTADDRREQ, EHOSTUNREACH, EINPROGRESS, ETIMEDOUT } = constants.errno;
const other = peer(t);
const before = openDescriptors();

/** An asynchronous socket that has begun to connect to `hostPort`. */
function connecting(t: Scope, hostPort: string, port = new RoMessagePort()): RoStreamSocket {
  const socket = streamSocket(t, port);
  socket.setSendToAddress(address(hostPort));
  if (!socket.connect()) throw new Error(`connect failed: ${socket.status()}`);
  return socket;
}

/** Waits outside the socket, so that nothing of the socket is touched, until the kernel has connected it. */
function waitForKernel(hostPort: string, state: string): void {
  const isThere = () => kernelSockets().some((row) => row.remote === hostPort && row.state === state);
  waitForSync(isThere, `a socket to ${hostPort} in ${state}`);
}

t.test("S6 an asynchronous connect gives true while it is pending, with status EINPROGRESS", async (t) => {
  const { hostPort } = unanswering(t);
  const socket = streamSocket(t, new RoMessagePort());
  socket.setSendToAddress(address(hostPort));
  const { value, milliseconds } = timed(() => socket.connect());
  t.equal(value, true);
  t.ok(milliseconds < hang, "it does not wait");
  t.equal(socket.status(), EINPROGRESS);
  t.equal(socket.eInProgress(), true);
  t.equal(socket.eOK(), true);
  t.equal(socket.eSuccess(), false);
  t.equal(socket.isConnected(), false);
  t.equal(socket.isWritable(), false);
  t.equal(socket.isReadable(), false);
  t.equal(socket.status(), EINPROGRESS, "asking has changed nothing");
});

t.test("S6 status EINPROGRESS right after connect, however near the peer", async (t) => {
  const { hostPort } = listener(t);
  for (let judged = 0; judged < 3; ) {
    const socket = streamSocket(t, new RoMessagePort());
    socket.setSendToAddress(address(hostPort));
    const { value, milliseconds } = timed(() => [socket.connect(), socket.status(), socket.isConnected()]);
    if (milliseconds > 4) continue; // On a busy machine it may have become known meanwhile.
    t.same(value, [true, EINPROGRESS, false]);
    judged++;
  }
});

t.test("S6 connect again while pending gives true and stays pending", async (t) => {
  const { hostPort } = unanswering(t);
  const port = new RoMessagePort();
  const socket = connecting(t, hostPort, port);
  socket.notifyWritable(true);
  t.equal(socket.connect(), true);
  t.equal(socket.eAlready(), true);
  t.equal(socket.eOK(), true);
  t.equal(socket.isConnected(), false);
  t.equal(eventID(port, 30), null);
});

t.test("S7 completion is reported as writable, then isConnected is true and status 0", async (t) => {
  const { socket: listening, hostPort } = listener(t);
  const port = new RoMessagePort();
  const socket = connecting(t, hostPort, port);
  socket.notifyWritable(true);
  t.equal(eventID(port), socket.getID());
  t.equal(socket.isConnected(), true);
  t.equal(socket.isWritable(), true);
  t.equal(socket.isReadable(), false);
  t.equal(socket.status(), 0);
  t.equal(socket.eSuccess(), true);
  t.equal(socket.connect(), true, "connect again");
  t.equal(socket.status(), 0);
  const server = accept(t, listening);
  t.equal(socket.sendStr("hello"), 5);
  t.equal(server.receiveStr(10), "hello");
});

t.test("S7 without notifyWritable completion makes no event", async (t) => {
  const { hostPort } = listener(t);
  const port = new RoMessagePort();
  const socket = connecting(t, hostPort, port);
  socket.notifyReadable(true);
  socket.notifyException(true);
  waitForKernel(hostPort, "ESTAB");
  t.equal(eventID(port, 30), null);
  t.equal(socket.isConnected(), true);
});

t.test("S7 completion after a first attempt of the kernel went unanswered", async (t) => {
  const { socket: listening, hostPort } = unanswering(t);
  const port = new RoMessagePort();
  const socket = connecting(t, hostPort, port);
  socket.notifyWritable(true);
  t.equal(eventID(port, 30), null, "pending");
  accept(t, listening);
  t.equal(eventID(port), socket.getID(), "connected when the kernel has asked again");
  t.equal(socket.isConnected(), true);
  t.equal(socket.status(), 0);
});

const completions: Record<string, (socket: RoStreamSocket) => boolean> = {
  "isConnected()": (socket) => socket.isConnected(),
  "isWritable()": (socket) => socket.isWritable(),
  "status()": (socket) => socket.status() === 0,
  "eSuccess()": (socket) => socket.eSuccess(),
  "eIsConn() or connect()": (socket) => socket.connect() && socket.eSuccess(),
};
for (const [name, isComplete] of Object.entries(completions)) {
  t.test(`S7 completion seen by nothing but ${name}`, async (t) => {
    const { hostPort } = listener(t);
    const socket = connecting(t, hostPort);
    waitForSync(() => isComplete(socket), `${name} to tell`);
    t.equal(socket.isConnected(), true);
    t.equal(socket.status(), 0);
  });
}

const failures: Record<string, (socket: RoStreamSocket) => void> = {
  "status()": (socket) => void waitForSync(() => socket.status() === ECONNREFUSED, "status() to tell"),
  "eConnRefused()": (socket) => void waitForSync(() => socket.eConnRefused(), "eConnRefused() to tell"),
  "eOK()": (socket) => void waitForSync(() => !socket.eOK(), "eOK() to tell"),
  "isWritable()": (socket) => void waitForSync(() => socket.isWritable(), "isWritable() to tell"),
  "isReadable()": (socket) => void waitForSync(() => socket.isReadable(), "isReadable() to tell"),
  "isConnected()": (socket) => {
    const isKnown = () => !socket.isConnected() && !socket.eInProgress();
    waitForSync(isKnown, "isConnected() to find out");
  },
  "connect()": (socket) => void waitForSync(() => !socket.connect(), "connect() to tell"),
};
for (const [name, wait] of Object.entries(failures)) {
  t.test(`S8 a refused connect first seen by ${name}`, async (t) => {
    const socket = connecting(t, refusing(t).hostPort);
    wait(socket);
    t.equal(socket.status(), ECONNREFUSED);
    t.equal(socket.eConnRefused(), true);
    t.equal(socket.eOK(), false);
    t.equal(socket.eSuccess(), false);
    t.equal(socket.isConnected(), false);
    if (name !== "connect()") t.strictSame([socket.isReadable(), socket.isWritable()], [true, true]);
    t.equal(socket.status(), ECONNREFUSED, "and it stays");
  });
}

for (const flag of ["notifyReadable", "notifyWritable"] as const) {
  t.test(`S8 a refused connect is an event with ${flag}`, async (t) => {
    const port = new RoMessagePort();
    const socket = connecting(t, refusing(t).hostPort, port);
    socket[flag](true);
    t.equal(eventID(port), socket.getID());
    t.equal(socket.status(), ECONNREFUSED);
    t.equal(socket.eOK(), false);
    t.equal(socket.isConnected(), false);
  });
}

t.test(
  "S8 a connect that is never answered ends with ETIMEDOUT",
  { skip: skipWithout("python3") },
  async (t) => {
    const { hostPort } = unanswering(t);
    const port = new RoMessagePort();
    const socket = connecting(t, hostPort, port);
    socket.notifyWritable(true);
    const descriptor = descriptorOf(socket.getAddress().getAddress(), hostPort);
    // The kernel looks at it when the first second is over; without it, that takes two minutes.
    withDescriptor(descriptor, ["s.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 100)"]);
    t.equal(eventID(port), socket.getID());
    t.equal(socket.status(), ETIMEDOUT);
    t.equal(socket.eOK(), false);
    t.equal(socket.isConnected(), false);
    t.strictSame([socket.isReadable(), socket.isWritable()], [true, true]);
  },
);

t.test(
  "S8 an unreachable host is EHOSTUNREACH, in both modes",
  { skip: skipWithoutNetworks() },
  async (t) => {
    const lonely = peerInNetwork(t, "ip route add unreachable 192.0.2.0/24");
    const seen = lonely.call(({ rosock }) => {
      return [new rosock.RoMessagePort(), null].map((port) => {
        const socket = new rosock.RoStreamSocket();
        socket.setMessagePort(port);
        const remote = new rosock.RoSocketAddress();
        remote.setAddress("192.0.2.1:80");
        socket.setSendToAddress(remote);
        socket.notifyWritable(true);
        if (socket.connect() && port) port.waitMessage(5_000);
        return [socket.status(), socket.eHostUnreach(), socket.eOK(), socket.isConnected()];
      });
    });
    const expected = [EHOSTUNREACH, true, false, false];
    t.strictSame(seen, [expected, expected]);
  },
);

/** A cable whose other end does not answer the question who has 192.0.2.9. */
const cable = `ip link add near type veth peer name far
  ip address add 192.0.2.1/24 dev near
  ip link set near up
  ip link set far up
  echo 100 >/proc/sys/net/ipv4/neigh/near/retrans_time_ms`;

t.test(
  "S8 a host that becomes unreachable while connecting",
  { skip: skipWithoutNetworks(cable) },
  async (t) => {
    const lonely = peerInNetwork(t, cable);
    const seen = lonely.call(({ rosock }) => {
      const port = new rosock.RoMessagePort();
      const socket = new rosock.RoStreamSocket();
      socket.setMessagePort(port);
      const remote = new rosock.RoSocketAddress();
      remote.setAddress("192.0.2.9:80");
      socket.setSendToAddress(remote);
      socket.notifyWritable(true);
      const began = [socket.connect(), socket.status()];
      const event = port.waitMessage(8_000) as RoSocketEvent | null;
      return [
        ...began,
        event?.getSocketID() === socket.getID(),
        socket.status(),
        socket.eHostUnreach(),
        socket.eOK(),
      ];
    });
    t.strictSame(seen, [true, EINPROGRESS, true, EHOSTUNREACH, true, false]);
  },
);

t.test("S9 a synchronous connect returns connected", async (t) => {
  const portNumber = other.call(async ({ net, state, once }) => {
    state.server = net.createServer((socket) => socket.end("welcome"));
    state.server.listen(0, "127.0.0.1");
    await once(state.server, "listening");
    return state.server.address().port as number;
  });
  const socket = streamSocket(t);
  socket.setSendToAddress(address(portNumber));
  t.equal(socket.connect(), true);
  t.equal(socket.status(), 0);
  t.equal(socket.isConnected(), true);
  t.equal(socket.receiveStr(7), "welcome");
  other.call(({ state }) => void state.server.close());
});

t.test(
  "S9 a synchronous connect waits until the peer answers",
  { skip: skipWithout("python3") },
  async (t) => {
    // The peer's queue is full until it accepts; then the kernel's second attempt, after a second, succeeds.
    const script = [
      "import socket, sys, time",
      "listener = socket.socket(); listener.bind(('127.0.0.1', 0)); listener.listen(0)",
      "print(listener.getsockname()[1], flush=True)",
      "sys.stdin.readline(); time.sleep(0.2)",
      "keep = [listener.accept(), listener.accept()]",
      "sys.stdin.read()",
    ].join("\n");
    const portNumber = other.call(async ({ childProcess, state, once }, script) => {
      state.python = childProcess.spawn("python3", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
      return Number(String(await once(state.python.stdout, "data")));
    }, script);
    connected(t, portNumber);
    waitForSync(() => kernelSocket(`127.0.0.1:${portNumber}`)?.receiveQueue === 1, "the queue to be full");
    const socket = streamSocket(t);
    socket.setSendToAddress(address(portNumber));
    other.call(({ state }) => void state.python.stdin.write("go\n"));
    t.equal(socket.connect(), true);
    t.equal(socket.status(), 0);
    t.equal(socket.isConnected(), true);
    other.call(async ({ state, once }) => {
      state.python.stdin.end();
      await once(state.python, "exit");
    });
  },
);

t.test("S9 a synchronous connect that is refused", async (t) => {
  const socket = streamSocket(t);
  socket.setSendToAddress(address(refusing(t).hostPort));
  t.equal(socket.connect(), false);
  t.equal(socket.status(), ECONNREFUSED);
  t.equal(socket.eConnRefused(), true);
  t.equal(socket.eOK(), false);
  t.equal(socket.isConnected(), false);
});

t.test("S9 the send timeout bounds a synchronous connect", async (t) => {
  const { hostPort } = unanswering(t);
  const socket = streamSocket(t);
  t.equal(socket.setSendTimeout(1), true);
  socket.setSendToAddress(address(hostPort));
  const { value, milliseconds } = timed(() => socket.connect());
  t.equal(value, false);
  t.equal(socket.status(), EINPROGRESS);
  t.equal(socket.isConnected(), false);
  t.ok(milliseconds >= 950 && milliseconds < hang, `it took ${milliseconds} ms`);
});

for (const mode of ["asynchronous", "synchronous"]) {
  const remotes: Record<string, (socket: RoStreamSocket) => void> = {
    "no remote address": () => {},
    "an invalid remote address": (socket) => {
      const invalid = new RoSocketAddress();
      invalid.setAddress("no.such.name.invalid:80");
      socket.setSendToAddress(invalid);
    },
  };
  for (const [name, set] of Object.entries(remotes)) {
    t.test(`S10 a connect with ${name}, ${mode}`, async (t) => {
      const socket = streamSocket(t, mode === "asynchronous" ? new RoMessagePort() : null);
      set(socket);
      t.equal(socket.connect(), false);
      t.ok([EDESTADDRREQ, EADDRNOTAVAIL].includes(socket.status()), `status ${socket.status()}`);
      t.equal(socket.eDestAddrReq() || socket.eBadAddr(), true);
      t.equal(socket.eOK(), false);
      t.equal(socket.isConnected(), false);
      socket.setSendToAddress(address(listener(t).hostPort));
      t.equal(socket.connect(), true, "and with an address it connects");
      waitForSync(() => socket.isConnected(), "the connection");
    });
  }
}

t.test("no descriptor is left", async (t) => {
  t.strictSame(await leftDescriptors(before), []);
});
