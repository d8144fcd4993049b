/** Consent without a person: only in the build for tests, which sets it. */

import type { PasskeyPrompt } from "../core/messages.ts";
import type { Consented } from "./requests.ts";

export type Automatic = (prompt: PasskeyPrompt | undefined) => Promise<Consented | "refuse" | "hang" | undefined>;

export let automaticConsent: Automatic | undefined;

export function setAutomaticConsent(automatic: Automatic): void {
  automaticConsent = automatic;
}
