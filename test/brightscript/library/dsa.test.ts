/** roDsa: signatures against Node's, and what cannot be signed or verified. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, sign, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { RoByteArray } from "#src/brightscript/library/byte-array.js";
import { RoDsa } from "#src/brightscript/library/dsa.js";
import { call, consoleOf, g } from "./call.js";
import { startProgram } from "./program.js";

const pem = { type: "pkcs8", format: "pem" } as const;
const spki = { type: "spki", format: "pem" } as const;
const encoded = { privateKeyEncoding: pem, publicKeyEncoding: spki };
const ec = generateKeyPairSync("ec", { namedCurve: "P-256", ...encoded });
const larger = generateKeyPairSync("ec", { namedCurve: "P-384", ...encoded });
const ed = generateKeyPairSync("ed25519", encoded);
const rsa = generateKeyPairSync("rsa", { modulusLength: 1024, ...encoded });
const pairs = { ec, larger, ed, rsa };

const { pkg } = startProgram(t, {
  pkg: {
    ...Object.fromEntries(
      Object.entries(pairs).flatMap(([name, { privateKey, publicKey }]) => [
        [`${name}.pem`, privateKey],
        [`${name}.pub`, publicKey],
      ]),
    ),
    "text.pem": "no key",
  },
});

const message = RoByteArray.from(Buffer.from("a message"));
const bytes = Buffer.from("a message");

function dsa(name: string, algorithm?: string, digest?: string): RoDsa {
  const made = new RoDsa();
  if (algorithm !== undefined) made.setSignAlgorithm(algorithm);
  if (digest !== undefined) made.setDigestAlgorithm(digest);
  made.setPrivateKey(`pkg:/${name}.pem`);
  made.setPublicKey(`pkg:/${name}.pub`);
  return made;
}

t.test("ECDSA with every digest, also of another curve", async (t) => {
  for (const name of ["ec", "larger"] as const) {
    for (const digest of ["sha1", "sha224", "sha256", "SHA384", "sha512"]) {
      const one = dsa(name, "ECDSA", digest);
      const signature = one.sign(message)!;
      t.ok(verify(digest.toLowerCase(), bytes, pairs[name].publicKey, signature.toUint8Array()), digest);
      t.equal(one.verify(message, signature), 1);
      t.equal(one.verify(message, RoByteArray.from(sign(digest, bytes, pairs[name].privateKey))), 1);
    }
  }
  t.ok(
    verify("sha256", bytes, ec.publicKey, dsa("ec").sign(message)!.toUint8Array()),
    "ECDSA with sha256 at first",
  );
});

t.test("Ed25519, with sha512", async (t) => {
  const one = dsa("ed", "Ed25519", "sha512");
  const signature = one.sign(message)!;
  t.ok(verify(null, bytes, ed.publicKey, signature.toUint8Array()));
  t.equal(one.verify(message, signature), 1);
});

t.test("OpenSSL agrees", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "rosock-test-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const path = (name: string): string => join(directory, name);
  writeFileSync(path("key"), readFileSync(join(pkg, "ec.pem")));
  writeFileSync(path("pub"), readFileSync(join(pkg, "ec.pub")));
  writeFileSync(path("message"), bytes);
  execFileSync("openssl", [
    "dgst",
    "-sha256",
    "-sign",
    path("key"),
    "-out",
    path("signature"),
    path("message"),
  ]);
  t.equal(dsa("ec").verify(message, RoByteArray.from(readFileSync(path("signature")))), 1);
  writeFileSync(path("ours"), dsa("ec").sign(message)!.toUint8Array());
  const said = execFileSync("openssl", [
    "dgst",
    "-sha256",
    "-verify",
    path("pub"),
    "-signature",
    path("ours"),
    path("message"),
  ]);
  t.match(said.toString(), "Verified OK");
});

t.test("signatures that do not match", async (t) => {
  const one = dsa("ec");
  const signature = one.sign(message)!;
  t.equal(one.verify(RoByteArray.from(Buffer.from("another")), signature), 0);
  t.equal(dsa("larger").verify(message, signature), 0, "another key");
  t.equal(dsa("ec", "ECDSA", "sha1").verify(message, signature), 0, "another digest");
  for (const wrong of [
    null,
    one,
    new RoByteArray(),
    RoByteArray.from(Buffer.alloc(64)),
    signature.slice(0, -1),
  ]) {
    t.equal(one.verify(message, wrong), 0);
  }
});

t.test("keys from files and from bytes", async (t) => {
  const one = new RoDsa();
  const results: Record<string, number> = { ec: 1, ed: 1, larger: 1, rsa: 0, text: 0, none: -1 };
  for (const [name, result] of Object.entries(results))
    t.equal(one.setPrivateKey(`pkg:/${name}.pem`), result, name);
  t.equal(one.setPublicKey("pkg:/ec.pub"), 1);
  t.equal(one.setPublicKey("pkg:/rsa.pub"), 0);
  t.equal(one.setPublicKey("pkg:/text.pem"), 0);
  t.equal(one.setPublicKey("/etc/hostname"), -1);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const forms = [
    privateKey.export({ type: "pkcs8", format: "der" }),
    privateKey.export({ type: "sec1", format: "der" }),
    Buffer.from(privateKey.export({ type: "sec1", format: "pem" })),
  ];
  for (const form of forms) {
    t.equal(one.setPrivateKeyFromByteArray(RoByteArray.from(form)), 1);
    t.ok(one.sign(message));
  }
  for (const wrong of [null, one, new RoByteArray(), message]) {
    t.equal(one.setPrivateKeyFromByteArray(wrong), 0);
    t.match(
      consoleOf(() => t.equal(one.sign(message), null)),
      /roDsa\.Sign: there is no private key/,
    );
  }
});

t.test("algorithms that are not known change nothing", async (t) => {
  const one = dsa("ec");
  for (const name of ["", "md5", "sha3-256", "constructor"])
    t.equal(one.setDigestAlgorithm(name), false, name);
  for (const name of ["", "RSA", "dsa"]) t.equal(one.setSignAlgorithm(name), false, name);
  t.ok(verify("sha256", bytes, ec.publicKey, one.sign(message)!.toUint8Array()));
});

t.test("what cannot be done says why", async (t) => {
  const refused = (one: RoDsa, data: object | null, code: number, words: RegExp): void => {
    t.match(
      consoleOf(() => t.equal(one.sign(data), null)),
      words,
    );
    t.equal(one.verify(data, message), code);
  };
  refused(new RoDsa(), message, -1, /no private key/);
  for (const empty of [null, new RoByteArray(), new RoDsa()])
    refused(dsa("ec"), empty, -2, /message is empty/);
  refused(dsa("ec", "Ed25519", "sha512"), message, -4, /do not go together/);
  refused(dsa("ed", "ECDSA"), message, -4, /do not go together/);
  refused(dsa("ed", "Ed25519", "sha256"), message, -4, /do not go together/);
});

t.test("as programs call it", async (t) => {
  const one = g.createobject!("RODSA");
  t.equal(g.type!(one), "roDsa");
  t.equal(call(one, "SetSignAlgorithm", "ECDSA"), true);
  t.equal(call(one, "SetPrivateKey", "pkg:/ec.pem"), 1);
  t.equal(call(one, "SetPublicKey", "pkg:/ec.pub"), 1);
  t.equal(call(one, "Verify", message, call(one, "Sign", message)), 1);
});
