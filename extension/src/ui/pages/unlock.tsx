/** Unlocks in a window of its own: an action popup would close under a question of the browser. */

import { core } from "../ask.ts";
import { useTask } from "../hooks.ts";
import { show } from "../show.tsx";
import { UnlockView } from "../views/UnlockView.tsx";

function Unlock() {
  const { busy, wrong, run } = useTask();
  return (
    <UnlockView
      busy={busy}
      wrong={wrong}
      onUnlock={async (passphrase) => {
        if (await run(() => core({ type: "unlock", passphrase }))) window.close();
      }}
      onReset={async () => {
        if (await run(() => core({ type: "reset" }))) location.assign("welcome.html");
      }}
    />
  );
}

void show(<Unlock />);
