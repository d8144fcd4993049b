import { useState } from "preact/hooks";
import type { ReusedPasswords } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { useTask } from "../hooks.ts";
import { ReusedView } from "../views/ReusedView.tsx";

/** Looked for when the person asks: every login has to be opened for it. */
export function Reused() {
  const [reused, setReused] = useState<ReusedPasswords>();
  const { busy, wrong, run } = useTask();
  return <ReusedView reused={reused} busy={busy} wrong={wrong} onLook={() => run(async () => setReused(await core({ type: "reusedPasswords" })))} />;
}
