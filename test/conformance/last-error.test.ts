import { constants } from "node:os";
import { getSystemErrorMap } from "node:util";
import { RoMessagePort } from "rosock";
import t from "tap";
import { socketError } from "#src/components/status.js";
import {
  datagram,
  leftDescriptors,
  listener,
  openDescriptors,
  refusing,
  streamSocket,
  unanswering,
  waitFor,
} from "../support/index.js";

const { errno } = constants;
const before = openDescriptors();

t.test("lastError(): shaped like Node's", async (t) => {
  const fresh = streamSocket(t);
  t.equal(fresh.lastError(), null);

  const gone = refusing(t);
  const client = streamSocket(t);
  client.setSendToAddress(gone.socket.getAddress());
  t.equal(client.connect(), false);
  const refused = client.lastError();
  t.ok(refused instanceof Error);
  t.match(refused, {
    code: "ECONNREFUSED",
    errno: -errno.ECONNREFUSED,
    syscall: "connect",
    address: "127.0.0.1",
    port: gone.portNumber,
    message: new RegExp(`^connect ECONNREFUSED.* ${gone.hostPort}$`),
  });
  t.equal(client.status(), errno.ECONNREFUSED, "asking changes nothing");
  t.match(client.lastError(), { code: "ECONNREFUSED" });

  const taken = listener(t);
  const second = streamSocket(t);
  t.equal(second.setAddress(taken.socket.getAddress()), false);
  t.match(second.lastError(), {
    code: "EADDRINUSE",
    errno: -errno.EADDRINUSE,
    syscall: "bind",
    address: "127.0.0.1",
    port: taken.portNumber,
  });
  t.equal(second.setTTL(1), true);
  t.equal(second.lastError(), null, "none when the status is 0");

  const udp = datagram(t, new RoMessagePort()).socket;
  t.equal(udp.receiveStr(1), "");
  t.match(udp.lastError(), { code: "EAGAIN", errno: -errno.EAGAIN });
  t.equal(udp.sendStr("x"), -1);
  t.match(udp.lastError(), { code: "EDESTADDRREQ", errno: -errno.EDESTADDRREQ });
  t.equal(udp.setTTL(0), false);
  t.match(udp.lastError(), { code: "EINVAL", syscall: "setsockopt" });
  udp.close();
  t.equal(udp.sendStr("x"), -1);
  t.match(udp.lastError(), { code: "EBADF", errno: -errno.EBADF });

  const pending = streamSocket(t, new RoMessagePort());
  pending.setSendToAddress(gone.socket.getAddress());
  t.equal(pending.connect(), true);
  await waitFor(() => pending.eConnRefused(), "the refusal");
  t.match(pending.lastError(), { code: "ECONNREFUSED", syscall: "connect", port: gone.portNumber });
});

t.test("lastError() of a pending connect is EINPROGRESS, in words", async (t) => {
  const pending = streamSocket(t, new RoMessagePort());
  pending.setSendToAddress(unanswering(t).socket.getAddress());
  t.equal(pending.connect(), true);
  const { code, errno: number, syscall, message } = pending.lastError()!;
  t.strictSame([code, number, syscall], ["EINPROGRESS", -errno.EINPROGRESS, "connect"]);
  t.match(message, /^connect EINPROGRESS: operation now in progress 127\.0\.0\.1:\d+$/);
  t.equal(pending.connect(), true);
  t.match(pending.lastError(), { code: "EALREADY" });
});

t.test(
  "every error number of the system has its name and its words, as Node has them where it does",
  async (t) => {
    for (const [name, number] of Object.entries(errno)) {
      const { code, errno: negated, message } = socketError(number, "connect", null);
      t.equal(negated, -number);
      t.match(message, new RegExp(`^connect ${code}: [a-z]`), name);
      t.notMatch(message, /[Uu]nknown/, name);
      const known = getSystemErrorMap().get(-number);
      if (known !== undefined) t.same([code, message], [known[0], `connect ${known[0]}: ${known[1]}`]);
      else t.equal(code, name);
    }
    t.match(socketError(4_000, "connect", null), { code: "Unknown system error -4000", errno: -4_000 });
  },
);

t.test("no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
