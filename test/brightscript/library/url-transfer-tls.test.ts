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

  t.test("one end speaks TLS, the other does not", async (t) => {
    t.equal(outcome(transfer(`https://127.0.0.1:${portOf("http")}/echo`)).code, -35);
    t.ok((outcome(transfer(`http://127.0.0.1:${portOf("https")}/echo`)).code as number) < 0);
  });
});
