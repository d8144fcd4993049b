// @simplewebauthn/server as a site: node simplewebauthn.mjs FOLDER
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

// The extension's lock file pins it.
const packages = createRequire(fileURLToPath(new URL("../../extension/package.json", import.meta.url)));
const server = await import(pathToFileURL(packages.resolve("@simplewebauthn/server")));

const RP_ID = "example.com";
const ORIGIN = "https://example.com";
const root = readFileSync(join(process.argv[2], "root.pem"), "utf8");
server.SettingsService.setRootCertificates({ identifier: "packed", certificates: [root] });

let algorithm;
let challenge;
let credential;

const site = {
  async creation(request) {
    algorithm = request.algorithm;
    const options = await server.generateRegistrationOptions({
      rpID: RP_ID,
      rpName: "Example",
      userName: "ann",
      attestationType: request.attestation,
      supportedAlgorithmIDs: [algorithm],
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
    challenge = options.challenge;
    return { options };
  },

  async register({ response }) {
    const { verified, registrationInfo } = await server.verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: ORIGIN,
      expectedRPID: RP_ID,
      supportedAlgorithmIDs: [algorithm],
    });
    if (!verified) throw new Error("not verified");
    credential = registrationInfo.credential;
    return { format: registrationInfo.fmt };
  },

  async request() {
    const options = await server.generateAuthenticationOptions({ rpID: RP_ID, userVerification: "required" });
    challenge = options.challenge;
    return { options };
  },

  async authenticate({ response }) {
    const { verified } = await server.verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: ORIGIN,
      expectedRPID: RP_ID,
      credential,
    });
    if (!verified) throw new Error("not verified");
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  // Whatever a verifier throws is its verdict.
  const answer = await site[request.do](request).catch((error) => ({ error: `${error.name}: ${error.message}` }));
  console.log(JSON.stringify(answer));
}
