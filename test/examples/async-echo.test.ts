import t from "tap";
import { listener } from "../support/index.js";
import { client, example, refusal } from "./example.js";

t.test("two clients at once, and a timer beside them", async (t) => {
  const server = example(t, "async-echo", "--port", "0", "--every", "1");
  const portNumber = await server.portNumber();
  const [one, two] = [await client(t, portNumber), await client(t, portNumber)];
  one.socket.write("first");
  two.socket.write("second");
  await one.hears("first");
  await two.hears("second");
  await server.printed(/11 bytes sent back, 2 connected/);
  const data = Buffer.alloc(4 << 20).map((_, index) => index % 251);
  two.socket.pause();
  two.socket.end(data);
  one.socket.write(", again");
  await one.hears("first, again");
  two.socket.resume();
  await two.ended;
  t.ok(Buffer.from(two.heard.slice(6), "latin1").equals(data));
  server.kill("SIGTERM");
  t.equal(await server.ended(), "SIGTERM");
});

t.test("what it refuses", async (t) => {
  const { portNumber } = listener(t);
  t.strictSame(
    await Promise.all([
      refusal(t, "async-echo", "--every", "0"),
      refusal(t, "async-echo", "--port", `${portNumber}`),
    ]),
    [
      '2 async-echo: --every must be a number from 1 to 3600, not "0"',
      `1 async-echo: cannot listen on 127.0.0.1:${portNumber}: address already in use`,
    ],
  );
});
