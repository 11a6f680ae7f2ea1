// The echo server of the roStreamSocket page, statement by statement, without its prints; only the options of the
// connections (no delay, as all servers here) and the port (the system's choice) differ. usage: rosock.js BUFFER_SIZE

import { writeSync } from "node:fs";
import { createObject, RoSocketEvent, type RoStreamSocket, wait } from "rosock";

const size = Number(process.argv[2]);

const messagePort = createObject("roMessagePort");
const connections = new Map<number, RoStreamSocket>();
const buffer = createObject("roByteArray");
buffer.setEntry(size, 0);
const tcpListen = createObject("roStreamSocket");
tcpListen.setMessagePort(messagePort);
const addr = createObject("roSocketAddress");
addr.setAddress("127.0.0.1:0");
tcpListen.setAddress(addr);
tcpListen.notifyReadable(true);
tcpListen.listen(4);
if (!tcpListen.eOK()) throw new Error(`cannot listen: error ${tcpListen.status()}`);
// Written at once: wait() below lets no event loop turn.
writeSync(1, `${tcpListen.getAddress().getPort()} ${process.pid}\n`);

for (;;) {
  const event = wait(0, messagePort);
  if (event instanceof RoSocketEvent) {
    const changedID = event.getSocketID();
    if (changedID === tcpListen.getID() && tcpListen.isReadable()) {
      const newConnection = tcpListen.accept();
      if (newConnection !== null) {
        newConnection.setNoDelay(true);
        newConnection.notifyReadable(true);
        newConnection.setMessagePort(messagePort);
        connections.set(newConnection.getID(), newConnection);
      }
    } else {
      const connection = connections.get(changedID);
      if (connection === undefined) continue;
      let closed = false;
      if (connection.isReadable()) {
        const received = connection.receive(buffer, 0, size);
        if (received > 0) {
          connection.send(buffer, 0, received);
        } else if (received === 0) {
          closed = true;
        }
      }
      if (closed || !connection.eOK()) {
        connection.close();
        connections.delete(changedID);
      }
    }
  }
}
