// The echo server of node:net, as most would write it. There is no buffer size to choose: Node reads up to 64 KiB.

import { type AddressInfo, createServer } from "node:net";

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("data", (data) => socket.write(data));
  socket.on("error", () => socket.destroy());
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 4 }, () => {
  console.log(`${(server.address() as AddressInfo).port} ${process.pid}`);
});
