/** The consent window. It holds no state of its own: the worker may die, and remembers the request. */

import { useEffect, useState } from "preact/hooks";
import { requestId } from "../../messages/relay.ts";
import type { ConsentView as View } from "../../messages/ui.ts";
import { consent } from "../ask.ts";
import { Busy } from "../components/basic.tsx";
import { useTask } from "../hooks.ts";
import { show } from "../show.tsx";
import { ConsentView } from "../views/ConsentView.tsx";

const request = requestId(new URLSearchParams(location.search).get("request"));

function Consent() {
  const [view, setView] = useState<View>();
  const { busy, wrong, run } = useTask();
  const showOrClose = (next: View | undefined) => (next === undefined ? window.close() : setView(next));
  useEffect(() => void consent({ to: "consent", action: "view", request }).then(showOrClose), []);
  if (view === undefined) {
    return (
      <main class="empty">
        <Busy />
      </main>
    );
  }
  return (
    <ConsentView
      view={view}
      busy={busy}
      wrong={wrong}
      onUnlock={(passphrase) => run(async () => showOrClose(await consent({ to: "consent", action: "unlock", request, passphrase })))}
      onAccept={(credential, passphrase) =>
        run(() =>
          consent({
            to: "consent",
            action: "accept",
            request,
            ...(credential === undefined ? {} : { credential }),
            ...(passphrase === undefined ? {} : { passphrase }),
          }),
        )
      }
      onNative={() => run(() => consent({ to: "consent", action: "native", request }))}
      onNever={() => run(() => consent({ to: "consent", action: "never", request }))}
      onRefuse={() => run(() => consent({ to: "consent", action: "refuse", request }))}
    />
  );
}

void show(<Consent />);
