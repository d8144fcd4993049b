// What the extension answers in a browser, verified by the libraries that sites are built with.
import assert from "node:assert/strict";
import { answer, HOOK_PASSPHRASE } from "../support/steps.mjs";
import { startVerifier, VERIFIED, VERIFIERS } from "../support/verifiers.mjs";

export const name = "sites built with python-fido2, py_webauthn and webauthn-rs take what we sign, and nothing else";

export async function run(world) {
  const profile = await world.profile("parties");
  await profile.hook("createVault");
  const page = await profile.page(`${VERIFIED}/`);
  for (const each of Object.keys(VERIFIERS)) {
    const verifier = startVerifier(world, each);
    try {
      await signsInTo(profile, page, verifier);
    } catch (error) {
      throw new Error(`${each}: ${error.message}`, { cause: error });
    } finally {
      verifier.stop();
    }
  }
}

async function signsInTo(profile, page, verifier) {
  const { options: creation } = await verifier.ask({ do: "creation", algorithm: -7, attestation: "none" });
  await verifier.ask({ do: "register", response: await ceremony(profile, page, "create", creation) });

  const { options } = await verifier.ask({ do: "request" });
  const response = await ceremony(profile, page, "get", options);
  const forged = structuredClone(response);
  forged.response.signature = turned(forged.response.signature);
  await assert.rejects(verifier.ask({ do: "authenticate", response: forged }));

  const { options: again } = await verifier.ask({ do: "request" });
  await verifier.ask({ do: "authenticate", response: await ceremony(profile, page, "get", again) });
}

/** The last bytes of a signature are of a number that can be any. */
function turned(signature) {
  const bytes = Buffer.from(signature, "base64url");
  bytes[bytes.length - 3] ^= 1;
  return bytes.toString("base64url");
}

/** All of them want the person verified in the end, though not each says so. */
async function ceremony(profile, page, kind, given) {
  const required = { userVerification: "required" };
  const options = kind === "create" ? { ...given, authenticatorSelection: { ...given.authenticatorSelection, ...required } } : { ...given, ...required };
  const opened = profile.consent();
  await page.evaluate(([kind, options]) => {
    globalThis.done = undefined;
    const publicKey = kind === "create" ? PublicKeyCredential.parseCreationOptionsFromJSON(options) : PublicKeyCredential.parseRequestOptionsFromJSON(options);
    navigator.credentials[kind]({ publicKey }).then((credential) => (globalThis.done = { ok: credential.toJSON() }), (error) => (globalThis.done = { error: String(error) }));
  }, [kind, options]);
  const consent = await opened;
  await consent.getByTestId("accept").waitFor();
  await consent.getByTestId("passphrase").fill(HOOK_PASSPHRASE);
  await answer(consent, "accept");
  const done = await (await page.waitForFunction(() => globalThis.done)).jsonValue();
  assert.equal(done.error, undefined);
  return done.ok;
}
