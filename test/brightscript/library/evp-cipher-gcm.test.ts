/** roEVPCipher's AES-GCM: known ciphertexts and tags, and that nothing is taken that was tampered with. */
import t from "tap";
import { RoByteArray } from "#src/brightscript/library/byte-array.js";
import { RoEVPCipher } from "#src/brightscript/library/evp-cipher.js";
import { call, g } from "./call.js";

const fromHex = (digits: string): RoByteArray => RoByteArray.from(Buffer.from(digits, "hex"));
const hex = (bytes: RoByteArray | null): string | undefined => bytes?.toHexString().toLowerCase();

/** Test case 3 of "The Galois/Counter Mode of Operation (GCM)" by McGrew and Viega. */
const key = "feffe9928665731c6d6a8f9467308308";
const iv = "cafebabefacedbaddecaf888";
const plain =
  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
  "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
const encrypted =
  "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e" +
  "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985";
const tag = "4d5c2af327cd64a62cf35abd2ba6fab4";

const names = ["aes-gcm-128", "AES-GCM-128", "aes-128-gcm"];

t.test("a known ciphertext and tag, both ways", async (t) => {
  for (const name of names) {
    const cipher = new RoEVPCipher();
    t.equal(cipher.setup(true, name, key, iv, 1), 0, name);
    t.equal(cipher.getTag(), null, "before the end");
    t.equal(hex(cipher.process(fromHex(plain))), encrypted);
    t.equal(hex(cipher.getTag()), tag);
    t.equal(cipher.setup(false, name, key, iv, 0), 0);
    t.equal(cipher.setTag(fromHex(tag)), 0);
    t.equal(hex(cipher.process(fromHex(encrypted))), plain);
    t.equal(hex(cipher.process(fromHex(encrypted))), plain, "again, by the same tag");
    t.equal(cipher.getTag(), null, "of what is decrypted");
  }
});

t.test("keys of all lengths, vectors of any, no data", async (t) => {
  for (const size of [16, 24, 32]) {
    for (const vector of ["", iv, "01", "5a".repeat(64)]) {
      for (const data of ["", "00", plain]) {
        const [encrypt, decrypt] = [new RoEVPCipher(), new RoEVPCipher()];
        const secret = "a5".repeat(size);
        t.equal(encrypt.setup(true, `aes-gcm-${size * 8}`, secret, vector, 1), 0);
        t.equal(decrypt.setup(false, `aes-gcm-${size * 8}`, secret, vector, 1), 0);
        const result = encrypt.process(fromHex(data));
        t.equal(result?.count(), data.length / 2);
        t.equal(decrypt.setTag(encrypt.getTag()), 0);
        t.equal(hex(decrypt.process(result)), data, `${size} ${vector} ${data}`);
      }
    }
  }
});

t.test("in parts, with the tag at the end", async (t) => {
  const cipher = new RoEVPCipher();
  cipher.setup(true, "aes-gcm-128", key, iv, 1);
  const parts = [plain.slice(0, 6), plain.slice(6, 60), plain.slice(60)].map(fromHex);
  t.equal(parts.map((part) => hex(cipher.update(part))).join(""), encrypted);
  t.equal(cipher.getTag(), null);
  t.equal(cipher.final()?.count(), 0);
  t.equal(hex(cipher.getTag()), tag);
  t.equal(cipher.reinit(), 0);
  t.equal(cipher.getTag(), null, "of the data before");

  cipher.setup(false, "aes-gcm-128", key, iv, 1);
  t.equal(hex(cipher.update(fromHex(encrypted))), plain);
  t.equal(cipher.setTag(tag.toUpperCase()), 0, "in hexadecimal");
  t.equal(cipher.final()?.count(), 0);
});

t.test("what has another tag, or none, is not given", async (t) => {
  const cipher = new RoEVPCipher();
  const flipped = (digits: string) => `${digits.slice(0, -1)}${digits.endsWith("4") ? "5" : "4"}`;
  cipher.setup(false, "aes-gcm-128", key, iv, 1);
  t.equal(cipher.process(fromHex(encrypted)), null, "no tag");
  t.equal(cipher.setTag(fromHex(flipped(tag))), 0);
  t.equal(cipher.process(fromHex(encrypted)), null, "another tag");
  cipher.setTag(fromHex(tag));
  t.equal(cipher.process(fromHex(flipped(encrypted))), null, "other data");
  t.equal(cipher.process(fromHex(encrypted.slice(2))), null, "less data");
  t.equal(hex(cipher.process(fromHex(encrypted))), plain);
  cipher.setup(false, "aes-gcm-128", key, iv, 1);
  t.equal(cipher.process(fromHex(encrypted)), null, "setup() forgets the tag");
  cipher.setup(false, "aes-gcm-128", key, flipped(iv), 1);
  cipher.setTag(fromHex(tag));
  t.equal(cipher.process(fromHex(encrypted)), null, "another vector");
});

t.test("tags that cannot be set", async (t) => {
  const cipher = new RoEVPCipher();
  const good = fromHex(tag);
  t.equal(cipher.setTag(good), 1, "before setup()");
  t.equal(cipher.getTag(), null);
  cipher.setup(true, "aes-gcm-128", key, iv, 1);
  t.equal(cipher.setTag(good), 1, "encryption makes its own");
  cipher.setup(false, "aes-128-cbc", key, "", 1);
  t.equal(cipher.setTag(good), 1, "a cipher without tags");
  cipher.setup(true, "aes-128-cbc", key, "", 1);
  cipher.process(good);
  t.equal(cipher.getTag(), null);
  cipher.setup(false, "aes-gcm-128", key, iv, 1);
  for (const wrong of [
    null,
    cipher,
    "",
    "zz".repeat(16),
    tag.slice(2),
    `${tag}00`,
    fromHex(""),
    fromHex(`${tag}00`),
  ]) {
    t.equal(cipher.setTag(wrong), 1);
  }
});

t.test("as programs call them", async (t) => {
  const cipher = g.createobject!("roEVPCipher");
  t.equal(call(cipher, "setup", true, "aes-gcm-128", key, iv, 0), 0);
  const result = call(cipher, "process", fromHex(plain));
  const made = call(cipher, "GetTag");
  t.equal(call(made, "ToHexString"), tag.toUpperCase());
  call(cipher, "setup", false, "aes-gcm-128", key, iv, 0);
  for (const each of [made, tag, g.box!(tag)]) {
    t.equal(call(cipher, "SetTag", each), 0);
    t.equal(call(call(cipher, "process", result), "ToHexString"), plain.toUpperCase());
  }
  t.equal(call(cipher, "SetTag", 5), 1);
});
