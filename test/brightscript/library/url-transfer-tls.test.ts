/** roUrlTransfer over HTTPS: whom it trusts. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { skipWithout } from "../../support/tools.js";
import { call } from "./call.js";
import { echo, outcome, portOf, startServers, transfer } from "./http.js";
import { startProgram } from "./program.js";

const folder = t.testdir({});
const file = (name: string): string => join(folder, name);

/** A key, and a certificate for localhost, signed with itself. */
function makeCertificate(): void {
  const words =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost";
  const names = [
    "-addext",
    "subjectAltName=DNS:localhost",
    "-keyout",
    file("key.pem"),
    "-out",
    file("certificate.pem"),
  ];
  execFileSync("openssl", [...words.split(" "), ...names], { stdio: "ignore" });
}

const localhost = (): string => `https://localhost:${portOf("https")}/echo`;
const address = (): string => `https://127.0.0.1:${portOf("https")}/echo`;

t.test("HTTPS", { skip: skipWithout("openssl") }, async (t) => {
  makeCertificate();
  await startServers(t, file("key.pem"), file("certificate.pem"));
  const { pkg } = startProgram(t);
  writeFileSync(join(pkg, "ca.pem"), readFileSync(file("certificate.pem")));
  writeFileSync(join(pkg, "text.pem"), "no certificate");

  t.test("nobody vouches for the server", async (t) => {
    for (const url of [localhost(), address()]) t.equal(outcome(transfer(url)).code, -60, url);
    const made = transfer(localhost());
    t.equal(call(made, "SetCertificatesFile", "common:/certs/ca-bundle.crt"), true);
    t.equal(outcome(made).code, -60);
    for (const path of ["pkg:/none.pem", "pkg:/text.pem", file("certificate.pem")]) {
      t.equal(call(made, "SetCertificatesFile", path), false, path);
    }
    t.equal(outcome(made).code, -60, "still nobody");
  });

  t.test("the authority is known", async (t) => {
    const made = transfer(localhost());
    t.equal(call(made, "SetCertificatesFile", "pkg:/ca.pem"), true);
    t.match(echo(call(made, "GetToString")), { method: "GET" });
    call(made, "SetUrl", address());
    t.equal(outcome(made).code, -51, "but the certificate is another host's");
    call(made, "EnableHostVerification", false);
    t.equal(outcome(made).code, 200);
    call(made, "EnableHostVerification", true);
    t.equal(outcome(made).code, -51, "and no connection that was not checked is used again");
  });

  t.test("the authority does not matter", async (t) => {
    const made = transfer(localhost());
    call(made, "EnablePeerVerification", false);
    t.equal(outcome(made).code, 200);
    call(made, "SetUrl", address());
    t.equal(outcome(made).code, -51, "the host does");
    call(made, "EnableHostVerification", false);
    t.equal(outcome(made).code, 200);
    t.equal(outcome(transfer(localhost())).code, -60, "of another object it does");
  });

  t.test("every connection is checked as asked, the first and those after it", async (t) => {
    for (const server of ["https", "https12"]) {
      for (const isKnown of [false, true]) {
        for (const [peer, host] of [
          [true, true],
          [true, false],
          [false, true],
          [false, false],
        ] as const) {
          for (const name of ["localhost", "127.0.0.1"]) {
            const made = transfer(`https://${name}:${portOf(server)}/echo`);
            if (isKnown) call(made, "SetCertificatesFile", "pkg:/ca.pem");
            call(made, "EnablePeerVerification", peer);
            call(made, "EnableHostVerification", host);
            const wrongHost = host && name !== "localhost" ? -51 : 200;
            const expected = peer && !isKnown ? -60 : wrongHost;
            for (const fresh of [true, true, false, false, true]) {
              call(made, "EnableFreshConnection", fresh);
              const words = JSON.stringify({ server, isKnown, peer, host, name, fresh });
              t.equal(outcome(made).code, expected, words);
            }
          }
        }
      }
    }
  });

  t.test("a connection is kept for those who ask the same of it", async (t) => {
    const from = (made: object): unknown => echo(call(made, "GetToString")).from;
    const made = transfer(localhost());
    call(made, "SetCertificatesFile", "pkg:/ca.pem");
    const first = from(made);
    t.equal(from(made), first);
    const other = transfer(localhost());
    call(other, "EnablePeerVerification", false);
    t.not(from(other), first);
    t.equal(from(made), first);
  });

  t.test("a certificates file that is none", async (t) => {
    const broken = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
    writeFileSync(join(pkg, "broken.pem"), broken);
    const made = transfer(localhost());
    call(made, "SetCertificatesFile", "pkg:/broken.pem");
    t.equal(outcome(made).code, -60);
  });

  t.test("one end speaks TLS, the other does not", async (t) => {
    t.equal(outcome(transfer(`https://127.0.0.1:${portOf("http")}/echo`)).code, -35);
    t.ok((outcome(transfer(`http://127.0.0.1:${portOf("https")}/echo`)).code as number) < 0);
  });
});
