// A certificate authority of this run alone, and the trust in it inside one browser profile's home.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const openssl = (...args) => execFileSync("openssl", args, { stdio: "pipe" });

/** Makes an authority and a certificate for `names`; returns paths and PEM texts. */
export function makeCertificates(folder, names) {
  mkdirSync(folder, { recursive: true });
  const at = (name) => join(folder, name);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", at("ca.key"), "-out", at("ca.pem"), "-days", "2", "-subj", "/CN=Roamkey test authority",
    "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign");
  openssl("req", ...key, "-keyout", at("leaf.key"), "-out", at("leaf.csr"), "-subj", "/CN=Roamkey test sites");
  const alternatives = [...names.map((name) => `DNS:${name}`), "IP:127.0.0.1"].join(",");
  writeFileSync(at("leaf.ext"), `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth\n`);
  openssl("x509", "-req", "-in", at("leaf.csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2",
    "-extfile", at("leaf.ext"), "-out", at("leaf.pem"));
  return { ca: at("ca.pem"), cert: readFileSync(at("leaf.pem")), key: readFileSync(at("leaf.key")) };
}

/** Lets the browser whose HOME this is trust the authority. */
export function trust(home, ca) {
  const store = join(home, ".pki/nssdb");
  mkdirSync(store, { recursive: true });
  execFileSync("certutil", ["-N", "-d", `sql:${store}`, "--empty-password"], { stdio: "pipe" });
  execFileSync("certutil", ["-A", "-d", `sql:${store}`, "-n", "roamkey-test", "-t", "C,,", "-i", ca], { stdio: "pipe" });
}
