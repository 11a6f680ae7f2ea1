// The echo server of Bun's own sockets; run by Bun. It chooses its buffer itself and turns Nagle's algorithm off.

type Socket = { write(data: Uint8Array): number; end(): void; setNoDelay(enable: boolean): void };

declare const Bun: {
  listen(options: {
    hostname: string;
    port: number;
    socket: { open(socket: Socket): void; data(socket: Socket, data: Uint8Array): void };
  }): { port: number };
};

const server = Bun.listen({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open(socket) {
      socket.setNoDelay(true);
    },
    data(socket, data) {
      if (socket.write(data) !== data.length) socket.end();
    },
  },
});
console.log(`${server.port} ${process.pid}`);

export {};
