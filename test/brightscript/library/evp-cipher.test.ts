import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import t from "tap";
import { RoEVPCipher } from "#src/brightscript/library/evp-cipher.js";
import { RoByteArray } from "#src/components/byte-array.js";

const fromHex = (digits: string): RoByteArray => RoByteArray.from(Buffer.from(digits, "hex"));
const hex = (bytes: RoByteArray | null): string | undefined => bytes?.toHexString().toLowerCase();

const aes128 = "2b7e151628aed2a6abf7158809cf4f3c";
const aes192 = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b";
const aes256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
const iv = "000102030405060708090a0b0c0d0e0f";
const block = "6bc1bee22e409f96e93d7e117393172a";
const des = "133457799bbcdff1";

/** NIST SP 800-38A, appendix F; FIPS 197; the DES example of the NBS; NIST SP 800-67. Without padding. */
const vectors: [format: string, key: string, iv: string, plain: string, encrypted: string][] = [
  ["aes-128-cbc", aes128, iv, block, "7649abac8119b246cee98e9b12e9197d"],
  ["AES-128", aes128, iv, block, "7649abac8119b246cee98e9b12e9197d"],
  ["aes-192-cbc", aes192, iv, block, "4f021db243bc633d7178183a9fa071e8"],
  ["aes-192", aes192, iv, block, "4f021db243bc633d7178183a9fa071e8"],
  ["aes-256-cbc", aes256, iv, block, "f58c4c04d6e5f1ba779eabfb5f7bfbd6"],
  ["aes-256", aes256, iv, block, "f58c4c04d6e5f1ba779eabfb5f7bfbd6"],
  ["aes-128-ecb", aes128, "", block, "3ad77bb40d7a3660a89ecaf32466ef97"],
  ["aes-128-ecb", aes128, iv, block, "3ad77bb40d7a3660a89ecaf32466ef97"],
  ["aes-128-cfb", aes128, iv, block, "3b3fd92eb72dad20333449f8e83cfb4a"],
  [
    "aes-128-cfb8",
    aes128,
    iv,
    "6bc1bee22e409f96e93d7e117393172aae2d",
    "3b79424c9c0dd436bace9e0ed4586a4f32b9",
  ],
  ["aes-128-cfb1", aes128, iv, "6bc1", "68b3"],
  ["aes-128-ofb", aes128, iv, block, "3b3fd92eb72dad20333449f8e83cfb4a"],
  ["aes-128-ctr", aes128, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", block, "874d6191b620e3261bef6864990db6ce"],
  ["aes-128-cbc", "00".repeat(16), "", "00".repeat(16), "66e94bd4ef8a2c3b884cfa59ca342b2e"],
  ["des-ecb", des, "", "0123456789abcdef", "85e813540f0ab405"],
  ["des-cbc", des, "0000000000000000", "0123456789abcdef", "85e813540f0ab405"],
  ["des", des, "", "0123456789abcdef", "85e813540f0ab405"],
  [
    "des-ede3",
    "0123456789abcdef23456789abcdef01456789abcdef0123",
    "",
    "5468652071756663",
    "a826fd8ce53b855f",
  ],
  ["des-ede", des + des, "", "0123456789abcdef", "85e813540f0ab405"],
  ["des-ede3-cbc", des + des + des, "", "0123456789abcdef", "85e813540f0ab405"],
  ["des3", des + des + des, "", "0123456789abcdef", "85e813540f0ab405"],
];

t.test("known ciphertexts, both ways", async (t) => {
  const cipher = new RoEVPCipher();
  for (const [format, key, iv, plain, encrypted] of vectors) {
    t.equal(cipher.setup(true, format, key, iv, 0), 0, format);
    t.equal(hex(cipher.process(fromHex(plain))), encrypted, `${format} encrypts`);
    t.equal(cipher.setup(false, format, key.toUpperCase(), iv, 0), 0);
    t.equal(hex(cipher.process(fromHex(encrypted))), plain, `${format} decrypts`);
  }
});

t.test("every cipher of Roku's page but Blowfish and DESX goes both ways", async (t) => {
  const sizes: [key: number, iv: number, formats: string[]][] = [
    ...[16, 24, 32].map((size): [number, number, string[]] => [
      size,
      16,
      ["", "-cbc", "-cfb", "-cfb1", "-cfb8", "-ecb", "-ofb"].map((mode) => `aes-${size * 8}${mode}`),
    ]),
    [8, 8, ["des", "des-cbc", "des-cfb", "des-ecb", "des-ofb"]],
    [16, 8, ["des-ede", "des-ede-cbc", "des-ede-cfb", "des-ede-ofb"]],
    [24, 8, ["des-ede3", "des-ede3-cbc", "des-ede3-cfb", "des-ede3-ofb", "des3"]],
  ];
  const text = RoByteArray.from(Buffer.from("a text of no particular length"));
  for (const [key, iv, formats] of sizes) {
    for (const format of formats) {
      const [encrypt, decrypt] = [new RoEVPCipher(), new RoEVPCipher()];
      const bytes = Array.from({ length: key }, (_, i) => (i * 37 + 11) & 255);
      for (const [cipher, encrypts] of [
        [encrypt, true],
        [decrypt, false],
      ] as const) {
        t.equal(
          cipher.setup(encrypts, format, Buffer.from(bytes).toString("hex"), "5a".repeat(iv), 1),
          0,
          format,
        );
      }
      const encrypted = encrypt.process(text);
      t.not(hex(encrypted), hex(text));
      t.equal(hex(decrypt.process(encrypted)), hex(text), format);
    }
  }
});

t.test("in parts", async (t) => {
  const cipher = new RoEVPCipher();
  cipher.setup(true, "aes-128-cbc", aes128, iv, 0);
  t.equal(cipher.update(fromHex(block.slice(0, 10)))?.count(), 0);
  t.equal(hex(cipher.update(fromHex(block.slice(10)))), "7649abac8119b246cee98e9b12e9197d");
  t.equal(cipher.final()?.count(), 0);
  t.equal(cipher.update(fromHex(block)), null, "after the end");
  t.equal(cipher.final(), null);
  t.equal(cipher.reinit(), 0);
  t.equal(hex(cipher.update(fromHex(block))), "7649abac8119b246cee98e9b12e9197d");
});

t.test("padding", async (t) => {
  const [encrypt, decrypt] = [new RoEVPCipher(), new RoEVPCipher()];
  encrypt.setup(true, "aes-128-cbc", aes128, iv, 1);
  const padded = encrypt.process(fromHex(block));
  t.equal(padded?.count(), 32);
  decrypt.setup(false, "aes-128-cbc", aes128, iv, 0);
  t.equal(hex(decrypt.process(padded))?.slice(32), "10".repeat(16));
  decrypt.setup(false, "aes-128-cbc", aes128, iv, 1);
  t.equal(decrypt.process(padded!.slice(0, 16)), null, "wrong padding");
  t.equal(decrypt.process(padded!.slice(0, 30)), null, "not whole blocks");
  t.equal(hex(decrypt.process(padded)), block, "and yet it works afterwards");
  encrypt.setup(true, "aes-128-cbc", aes128, iv, 0);
  t.equal(encrypt.process(fromHex("00")), null, "not whole blocks");
});

t.test("failures", async (t) => {
  const cipher = new RoEVPCipher();
  const rows: [format: string, key: string, iv: string][] = [
    ["", aes128, iv],
    ["none", aes128, iv],
    ["constructor", aes128, iv],
    ["aes-128-ccm", aes128, iv.slice(0, 24)],
    ["aes-gcm-512", aes128, iv.slice(0, 24)],
    ["aes-gcm-128", aes192, iv.slice(0, 24)],
    ["aes-128-cbc", aes128.slice(2), iv],
    ["aes-128-cbc", `${aes128}00`, iv],
    ["aes-128-cbc", "", iv],
    ["aes-128-cbc", aes128, iv.slice(2)],
    ["aes-128-cbc", `${aes128.slice(1)}x`, iv],
    ["aes-128-cbc", aes128, "zz"],
    ["des", `${des}00`, ""],
  ];
  for (const [format, key, vector] of rows) {
    t.equal(cipher.setup(true, format, key, vector, 1), 1, `${format} ${key} ${vector}`);
    t.equal(cipher.reinit(), 1);
    t.equal(cipher.process(fromHex(block)), null);
    t.equal(cipher.update(fromHex(block)), null);
    t.equal(cipher.final(), null);
  }
  t.equal(new RoEVPCipher().reinit(), 1);
  t.equal(cipher.setup(true, "aes-128-cbc", aes128, iv, 1), 0);
  t.equal(cipher.process(null), null);
});

t.test("Blowfish and DESX are there when OpenSSL has them", async (t) => {
  for (const [format, key] of [
    ["bf", "00".repeat(16)],
    ["bf-cbc", "00".repeat(16)],
    ["desx", "00".repeat(24)],
  ] as const) {
    let there = 0;
    try {
      createCipheriv(format, Buffer.from(key, "hex"), Buffer.alloc(8));
    } catch {
      there = 1;
    }
    t.equal(new RoEVPCipher().setup(true, format, key, "", 1), there, format);
  }
});

t.test("property: what is encrypted in parts is decrypted in parts", async (t) => {
  const [encrypt, decrypt] = [new RoEVPCipher(), new RoEVPCipher()];
  encrypt.setup(true, "aes-256-cbc", aes256, iv, 1);
  decrypt.setup(false, "aes-256-cbc", aes256, iv, 1);
  const through = (cipher: RoEVPCipher, parts: Uint8Array[]): Buffer => {
    cipher.reinit();
    const results = parts.map((part) => cipher.update(RoByteArray.from(part))!.toUint8Array());
    return Buffer.concat([...results, cipher.final()!.toUint8Array()]);
  };
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 40 })),
      fc.integer({ min: 1, max: 50 }),
      (parts, size) => {
        const encrypted = through(encrypt, parts);
        const pieces = Array.from({ length: Math.ceil(encrypted.length / size) }, (_, i) =>
          encrypted.subarray(i * size, (i + 1) * size),
        );
        t.strictSame(through(decrypt, pieces), Buffer.concat(parts));
      },
    ),
  );
});
