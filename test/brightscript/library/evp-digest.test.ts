import { createHash } from "node:crypto";
import fc from "fast-check";
import t from "tap";
import { RoEVPDigest } from "#src/brightscript/library/evp-digest.js";
import { RoByteArray } from "#src/components/byte-array.js";

const bytes = (text: string): RoByteArray => RoByteArray.from(Buffer.from(text));

/** RFC 1321, appendix A.5, and FIPS 180-4's examples. */
const vectors: [type: string, text: string, digest: string][] = [
  ["md5", "", "d41d8cd98f00b204e9800998ecf8427e"],
  ["md5", "a", "0cc175b9c0f1b6a831c399e269772661"],
  ["md5", "abc", "900150983cd24fb0d6963f7d28e17f72"],
  ["md5", "message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
  ["md5", "1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
  ["sha1", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ["sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
  [
    "sha1",
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
  ],
  ["sha1", "a".repeat(1_000_000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"],
  ["sha224", "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"],
  ["sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["SHA256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  [
    "sha384",
    "abc",
    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
  ],
  [
    "sha512",
    "abc",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  ],
  ["ripemd160", "abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"],
];

t.test("known digests, at once and in parts", async (t) => {
  const digest = new RoEVPDigest();
  for (const [type, text, expected] of vectors) {
    t.equal(digest.setup(type), 0);
    t.equal(digest.process(bytes(text)), expected, `${type} of ${text.slice(0, 10)}`);
    t.equal(digest.process(bytes(text)), expected, "again");
    t.equal(digest.reinit(), 0);
    digest.update(bytes(text.slice(0, 1)));
    digest.update(bytes(text.slice(1)));
    t.equal(digest.final(), expected);
  }
});

t.test("md5 without setup()", async (t) => {
  const digest = new RoEVPDigest();
  digest.update(bytes("abc"));
  t.equal(digest.final(), "900150983cd24fb0d6963f7d28e17f72");
  t.equal(new RoEVPDigest().process(bytes("abc")), "900150983cd24fb0d6963f7d28e17f72");
});

t.test("failures", async (t) => {
  const digest = new RoEVPDigest();
  for (const type of ["", "none", "constructor"]) {
    t.equal(digest.setup(type), 1, type);
    t.equal(digest.reinit(), 1);
    digest.update(bytes("abc"));
    t.equal(digest.process(bytes("abc")), "");
    t.equal(digest.final(), "");
  }
  digest.setup("sha1");
  digest.final();
  digest.update(bytes("abc"));
  t.equal(digest.final(), "", "once only");
  for (const none of [null, {}]) t.equal(digest.process(none), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
});

t.test("property: the parts do not matter", async (t) => {
  const digest = new RoEVPDigest();
  digest.setup("sha256");
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (parts) => {
      digest.reinit();
      for (const part of parts) digest.update(RoByteArray.from(part));
      t.equal(digest.final(), createHash("sha256").update(Buffer.concat(parts)).digest("hex"));
    }),
  );
});
