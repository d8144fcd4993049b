/** What tests drive from outside: the worker's global `roamkeyTest`. The release bundle holds none of this. */

import type { PasskeyPrompt, Request } from "../core/messages.ts";
import { setAutomaticConsent } from "./automatic.ts";
import { call } from "./core.ts";
import { takeMarks } from "./marks.ts";
import type { Consented } from "./requests.ts";
import { unlocked, used } from "./session.ts";
import { readSettings, writeSettings } from "./settings.ts";
import { applyStrict, isStrict, strictView } from "./strict.ts";

const CONSENT = "test:consent";
const VERIFICATION = "test:verification";
const PASSPHRASE = "correct horse battery staple";

type Mode = "ask" | "accept" | "refuse" | "hang";
interface Verification {
  available: boolean;
  succeeds: boolean;
}

const hooks = {
  createVault: async () => {
    await used();
    const made = await call({ type: "testCreateVault", passphrase: PASSPHRASE });
    await unlocked();
    await applyStrict();
    return made;
  },
  consent: (mode: Mode) => chrome.storage.session.set({ [CONSENT]: mode }),
  verification: (verification: Verification) => chrome.storage.session.set({ [VERIFICATION]: verification }),
  addCredential: (credential: object) => call({ type: "testAddCredential", ...credential } as Request),
  credentials: () => call({ type: "testCredentials" }),
  removeCredential: (credentialId: string) => call({ type: "testRemoveCredential", credentialId }),
  canaries: () => call({ type: "testDumpCanaries" }),
  marks: () => Promise.resolve(takeMarks()),
  strict: async (on: boolean) => {
    await writeSettings({ ...(await readSettings()), strict: on });
    await applyStrict();
    if ((await isStrict()) !== on) throw new Error(JSON.stringify(await strictView()));
  },
  call: (request: Request) => call(request),
};

export function installHooks(): void {
  setAutomaticConsent(automatic);
  Object.assign(globalThis, { roamkeyTest: hooks });
}

async function automatic(prompt: PasskeyPrompt | undefined): Promise<Consented | "refuse" | "hang" | undefined> {
  const stored = await chrome.storage.session.get([CONSENT, VERIFICATION]);
  const mode = (stored[CONSENT] ?? "ask") as Mode;
  if (mode === "ask") return undefined;
  if (mode !== "accept") return mode;
  const { available, succeeds } = (stored[VERIFICATION] ?? { available: true, succeeds: true }) as Verification;
  const wanted = prompt?.userVerification !== "discouraged";
  const verified = wanted && available && succeeds;
  if (prompt?.userVerification === "required" && !verified) return "refuse";
  const first = prompt?.accounts[0]?.id;
  return first === undefined ? { verified } : { verified, credential: first };
}
