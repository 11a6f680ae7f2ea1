import t from "tap";
import { RoHMAC } from "#src/brightscript/library/hmac.js";
import { RoByteArray } from "#src/components/byte-array.js";

const bytes = (text: string): RoByteArray => RoByteArray.from(Buffer.from(text));
const repeated = (byte: number, count: number): RoByteArray => RoByteArray.from(Buffer.alloc(count, byte));

/** RFC 2202 and RFC 4231. */
const vectors: [type: string, key: RoByteArray, message: RoByteArray, code: string][] = [
  ["md5", repeated(0x0b, 16), bytes("Hi There"), "9294727a3638bb1c13f48ef8158bfc9d"],
  ["md5", bytes("Jefe"), bytes("what do ya want for nothing?"), "750c783e6ab0b503eaa86e310a5db738"],
  ["md5", repeated(0xaa, 16), repeated(0xdd, 50), "56be34521d144c88dbb8c733f0e8b3f6"],
  ["sha1", repeated(0x0b, 20), bytes("Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00"],
  ["sha1", bytes("Jefe"), bytes("what do ya want for nothing?"), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"],
  [
    "sha1",
    repeated(0xaa, 80),
    bytes("Test Using Larger Than Block-Size Key - Hash Key First"),
    "aa4ae5e15272d00e95705637ce8a3b55ed402112",
  ],
  [
    "sha224",
    bytes("Jefe"),
    bytes("what do ya want for nothing?"),
    "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
  ],
  [
    "sha256",
    repeated(0x0b, 20),
    bytes("Hi There"),
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  ],
  [
    "sha256",
    bytes("Jefe"),
    bytes("what do ya want for nothing?"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  [
    "sha384",
    bytes("Jefe"),
    bytes("what do ya want for nothing?"),
    "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
  ],
  [
    "sha512",
    bytes("Jefe"),
    bytes("what do ya want for nothing?"),
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
  ],
];

const hex = (code: RoByteArray | null): string | undefined => code?.toHexString().toLowerCase();

t.test("known codes, at once and in parts", async (t) => {
  const hmac = new RoHMAC();
  for (const [type, key, message, code] of vectors) {
    t.equal(hmac.setup(type, key), 0);
    t.equal(hex(hmac.process(message)), code, type);
    t.equal(hmac.reinit(), 0);
    hmac.update(message.slice(0, 5));
    hmac.update(message.slice(5));
    t.equal(hex(hmac.final()), code, `${type} in parts`);
  }
});

t.test("the key is copied", async (t) => {
  const hmac = new RoHMAC();
  const key = bytes("Jefe");
  hmac.setup("md5", key);
  key.clear();
  t.equal(hex(hmac.process(bytes("what do ya want for nothing?"))), "750c783e6ab0b503eaa86e310a5db738");
});

t.test("failures", async (t) => {
  const hmac = new RoHMAC();
  const fails = (): void => {
    t.equal(hmac.reinit(), 1);
    hmac.update(bytes("x"));
    t.equal(hmac.final(), null);
    t.equal(hmac.process(bytes("x")), null);
  };
  fails();
  t.equal(hmac.setup("none", bytes("key")), 1);
  fails();
  t.equal(hmac.setup("md5", null), 1);
  fails();
  t.equal(hmac.setup("md5", bytes("")), 0, "an empty key is one");
  hmac.final();
  t.equal(hmac.final(), null, "once only");
});
