import { constants } from "node:os";
import { RoMessagePort } from "rosock";
import t from "tap";
import {
  datagram,
  leftDescriptors,
  listener,
  openDescriptors,
  refusing,
  streamSocket,
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

t.test("no descriptor left behind", async (t) => {
  t.same(await leftDescriptors(before), []);
});
