import {
  createHash,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  privateEncrypt,
  verify,
} from "node:crypto";
import t from "tap";
import { RoRSA } from "#src/brightscript/library/rsa.js";
import { RoByteArray } from "#src/components/byte-array.js";
import { consoleOf } from "./call.js";
import { startProgram } from "./program.js";

const pem = { type: "pkcs8", format: "pem" } as const;
const spki = { type: "spki", format: "pem" } as const;
const pair = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  privateKeyEncoding: pem,
  publicKeyEncoding: spki,
});
const other = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  privateKeyEncoding: pem,
  publicKeyEncoding: spki,
});
const elliptic = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  privateKeyEncoding: pem,
  publicKeyEncoding: spki,
});

startProgram(t, {
  pkg: {
    "private.pem": pair.privateKey,
    "pkcs1.pem": createPublicKey(pair.publicKey).export({ type: "pkcs1", format: "pem" }) as string,
    "public.pem": pair.publicKey,
    "other.pem": other.publicKey,
    "elliptic.pem": elliptic.privateKey,
    "elliptic-public.pem": elliptic.publicKey,
    "text.pem": "no key",
  },
});

const message = Buffer.from("a message");
const digestOf = (type: string): RoByteArray => RoByteArray.from(createHash(type).update(message).digest());

function signer(): RoRSA {
  const rsa = new RoRSA();
  rsa.setPrivateKey("pkg:/private.pem");
  rsa.setPublicKey("pkg:/public.pem");
  return rsa;
}

t.test("signatures are OpenSSL's, and OpenSSL's are verified", async (t) => {
  for (const type of ["md5", "ripemd160", "sha1", "sha224", "sha256", "sha384", "sha512"]) {
    const rsa = signer();
    t.equal(rsa.setDigestAlgorithm(type.toUpperCase()), true);
    const signature = rsa.sign(digestOf(type))!;
    t.equal(verify(type, message, pair.publicKey, signature.toUint8Array()), true, type);
    t.strictSame(
      Buffer.from(signature.toUint8Array()),
      createSign(type).update(message).sign(pair.privateKey),
    );
    t.equal(rsa.verify(digestOf(type), signature), 1);
    t.equal(rsa.verify(RoByteArray.from(Buffer.alloc(signature.count())), signature), 0, "another digest");
    signature.setEntry(9, signature.getEntry(9)! ^ 1);
    t.equal(rsa.verify(digestOf(type), signature), 0, "a changed signature");
  }
});

t.test("without an algorithm the bytes are signed alone", async (t) => {
  const rsa = signer();
  const signature = rsa.sign(RoByteArray.from(message))!;
  t.strictSame(Buffer.from(signature.toUint8Array()), privateEncrypt(pair.privateKey, message));
  t.equal(rsa.verify(RoByteArray.from(message), signature), 1);
  rsa.setDigestAlgorithm("sha1");
  t.equal(rsa.verify(digestOf("sha1"), signature), 0);
});

t.test("the keys' files", async (t) => {
  const rsa = new RoRSA();
  t.equal(rsa.setPrivateKey("pkg:/private.pem"), 1);
  t.equal(rsa.setPublicKey("pkg:/public.pem"), 1);
  t.equal(rsa.setPublicKey("pkg:/pkcs1.pem"), 1);
  for (const name of ["text", "elliptic", "public"]) t.equal(rsa.setPrivateKey(`pkg:/${name}.pem`), 0, name);
  for (const name of ["text", "elliptic-public"]) t.equal(rsa.setPublicKey(`pkg:/${name}.pem`), 0, name);
  for (const path of ["pkg:/none.pem", "/etc/passwd", "private.pem", "pkg:/../x"]) {
    t.equal(rsa.setPrivateKey(path), -1, path);
    t.equal(rsa.setPublicKey(path), -1, path);
  }
});

t.test("failures", async (t) => {
  const rsa = new RoRSA();
  const digest = digestOf("sha1");
  const refused = (rsa: RoRSA, digest: RoByteArray | null): string =>
    consoleOf(() => t.equal(rsa.sign(digest), null));
  t.match(refused(rsa, digest), /BRIGHTSCRIPT: ERROR: roRSA\.Sign: there is no private key/);
  t.equal(rsa.verify(digest, digest), -1);
  const ready = signer();
  for (const none of [null, new RoByteArray()]) {
    t.match(refused(ready, none), /roRSA\.Sign: the digest is empty/);
    t.equal(ready.verify(none, digest), -2);
  }
  t.equal(ready.verify(digest, null), 0);
  t.match(refused(ready, RoByteArray.from(Buffer.alloc(1000))), /roRSA\.Sign: /, "too long for the key");
  for (const name of ["", "none", "constructor"]) t.equal(ready.setDigestAlgorithm(name), false, name);
  t.equal(ready.setDigestAlgorithm("md5"), true);
  t.match(refused(ready, digest), /roRSA\.Sign: a md5 digest has 16 bytes/);
  t.equal(ready.verify(digest, digest), 0);
  const signature = signer().sign(digest);
  ready.setPublicKey("pkg:/other.pem");
  t.equal(ready.verify(digest, signature), 0, "another's key");
});
