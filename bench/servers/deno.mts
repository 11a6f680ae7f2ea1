// The echo server of Deno's own sockets; run by Deno. usage: deno.mjs BUFFER_SIZE

interface Connection {
  read(buffer: Uint8Array): Promise<number | null>;
  write(data: Uint8Array): Promise<number>;
  close(): void;
  setNoDelay(enable: boolean): void;
}

declare const Deno: {
  args: string[];
  pid: number;
  listen(options: { hostname: string; port: number }): AsyncIterable<Connection> & { addr: { port: number } };
};

const size = Number(Deno.args[0]);

async function serve(connection: Connection): Promise<void> {
  connection.setNoDelay(true);
  const buffer = new Uint8Array(size);
  try {
    for (let count = await connection.read(buffer); count !== null; count = await connection.read(buffer)) {
      if ((await connection.write(buffer.subarray(0, count))) !== count) break;
    }
  } catch {
    // The peer is gone.
  }
  connection.close();
}

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(`${listener.addr.port} ${Deno.pid}`);
for await (const connection of listener) void serve(connection);

export {};
