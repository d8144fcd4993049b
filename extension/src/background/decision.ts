/** What the core makes of a request. */

import type { PasskeyDecision } from "../core/messages.ts";
import { call } from "./core.ts";
import { fetchDocument } from "./related.ts";
import type { Waiting } from "./requests.ts";

export type Outcome = "ask" | "native" | Extract<PasskeyDecision, { decision: "refuse" }>;

/** Asks the core; with `ask`, the request holds the prompt, or none while the vault is locked. */
export async function decide(waiting: Waiting): Promise<Outcome> {
  const { kind, caller, options, mediation, fetched } = waiting;
  const decision = await call({ type: "passkeyPrompt", kind, caller, options, mediation, ...(fetched ? { fetched } : {}) });
  switch (decision.decision) {
    case "ask":
      waiting.prompt = decision.prompt;
      return "ask";
    case "unlock":
      delete waiting.prompt;
      return "ask";
    case "fetch":
      // With it the core asks for no more.
      waiting.fetched = await fetchDocument(decision.url);
      return decide(waiting);
    case "native":
      return "native";
    case "refuse":
      return decision;
  }
}
