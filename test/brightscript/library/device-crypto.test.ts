/** roDeviceCrypto: what is encrypted comes back, here only, and only as it was. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import t, { type Test } from "tap";
import { RoByteArray } from "#src/brightscript/library/byte-array.js";
import { RoDeviceCrypto } from "#src/brightscript/library/device-crypto.js";
import { call, consoleOf, g } from "./call.js";
import { startProgram } from "./program.js";

const types = ["channel", "device", "model"];
const crypto = new RoDeviceCrypto();
const secret = RoByteArray.from(Buffer.from("a secret"));
const hex = (bytes: RoByteArray | null): string | undefined => bytes?.toHexString();

/** Both give invalid, and say why. */
function refused(t: Test, data: object | null, type: string, words: RegExp): void {
  t.match(
    consoleOf(() => t.equal(crypto.decrypt(data, type), null)),
    words,
  );
}

t.test("back again, in another run, too", async (t) => {
  const { data } = startProgram(t);
  const encrypted = types.map((type) => crypto.encrypt(secret, type)!);
  for (const each of encrypted) t.notOk(hex(each)!.includes(hex(secret)!));
  t.equal(statSync(join(data, "identity")).mode & 0o777, 0o600);
  startProgram(t, { data });
  for (const [i, type] of types.entries())
    t.equal(hex(crypto.decrypt(encrypted[i]!, type.toUpperCase())), hex(secret));
});

t.test("twice the same is not the same encrypted", async (t) => {
  startProgram(t);
  t.not(hex(crypto.encrypt(secret, "device")), hex(crypto.encrypt(secret, "device")));
});

t.test("not with a key of another type or another data directory", async (t) => {
  startProgram(t);
  const encrypted = crypto.encrypt(secret, "channel");
  for (const type of ["device", "model"])
    refused(t, encrypted, type, /not encrypted here with a key of this type/);
  startProgram(t);
  refused(t, encrypted, "channel", /not encrypted here/);
});

t.test("not what was changed, or was never encrypted", async (t) => {
  startProgram(t);
  const encrypted = crypto.encrypt(secret, "channel")!;
  for (let i = 0; i < encrypted.count(); i++) {
    const changed = encrypted.slice();
    changed.setEntry(i, changed.getEntry(i)! ^ 1);
    refused(t, changed, "channel", /not encrypted here/);
  }
  for (let length = 0; length < encrypted.count(); length++) {
    refused(t, encrypted.slice(0, length), "channel", /not encrypted here/);
  }
});

t.test("bad input", async (t) => {
  startProgram(t);
  for (const data of [null, crypto]) {
    t.match(
      consoleOf(() => t.equal(crypto.encrypt(data, "channel"), null)),
      /roDeviceCrypto\.Encrypt: an roByteArray is expected/,
    );
    refused(t, data, "channel", /roDeviceCrypto\.Decrypt: an roByteArray is expected/);
  }
  for (const type of ["", "user", "constructor"]) {
    t.match(
      consoleOf(() => t.equal(crypto.encrypt(secret, type), null)),
      /is no type of key: channel, device or model/,
    );
    refused(t, secret, type, /is no type of key/);
  }
});

t.test("nothing is encrypted by a key that would be lost", async (t) => {
  startProgram(t, { data: "/dev/null/none" });
  t.match(
    consoleOf(() => t.equal(crypto.encrypt(secret, "channel"), null)),
    /the key cannot be kept in the data directory/,
  );
});

t.test("a damaged secret is replaced", async (t) => {
  const { data } = startProgram(t);
  writeFileSync(join(data, "identity"), "damaged");
  const encrypted = crypto.encrypt(secret, "channel");
  t.equal(hex(crypto.decrypt(encrypted, "channel")), hex(secret));
  t.match(readFileSync(join(data, "identity"), "utf8"), /^[0-9a-f]{64}\n$/);
});

t.test("a secret that is there is never replaced by another process's", async (t) => {
  const { data } = startProgram(t);
  const script = `
    const { workerData, parentPort } = require("node:worker_threads");
    const { setProgram } = require(workerData.program);
    const { keyFor } = require(workerData.identity);
    setProgram({ dataDirectory: workerData.data });
    const key = keyFor("x");
    parentPort.postMessage(key === null ? null : Buffer.from(key).toString("hex"));`;
  const workerData = {
    data,
    program: require.resolve("#src/brightscript/app/program.js"),
    identity: require.resolve("#src/brightscript/library/identity.js"),
  };
  const keys = await Promise.all(
    Array.from(
      { length: 6 },
      () =>
        new Promise<unknown>((resolve, reject) => {
          const worker = new Worker(script, { eval: true, workerData });
          worker.once("message", resolve).once("error", reject);
        }),
    ),
  );
  t.equal(new Set(keys).size, 1, `${keys}`);
  t.match(keys[0], /^[0-9a-f]{64}$/);
});

t.test("property: any bytes come back", async (t) => {
  startProgram(t);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...types), (bytes, type) => {
      const data = RoByteArray.from(bytes);
      t.equal(hex(crypto.decrypt(crypto.encrypt(data, type), type)), hex(data));
    }),
  );
});

t.test("as programs call it", async (t) => {
  startProgram(t);
  const made = g.createobject!("roDeviceCrypto");
  const encrypted = call(made, "Encrypt", secret, "device");
  t.equal(g.type!(encrypted), "roByteArray");
  t.equal(call(call(made, "Decrypt", encrypted, "device"), "ToAsciiString"), "a secret");
});
