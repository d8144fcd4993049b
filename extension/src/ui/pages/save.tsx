/** The window that asks whether to keep what was typed in a tab. The worker remembers it, and may die. */

import { useEffect, useState } from "preact/hooks";
import { count } from "../../messages/parse.ts";
import type { SaveView } from "../../messages/ui.ts";
import { answerSave, saveTyped, saveView } from "../ask.ts";
import { Busy } from "../components/basic.tsx";
import { useTask } from "../hooks.ts";
import { show } from "../show.tsx";
import { SavePrompt } from "../views/SavePrompt.tsx";

const tab = count(Number(new URLSearchParams(location.search).get("tab")));

function Save() {
  const [view, setView] = useState<SaveView>();
  const { busy, wrong, run } = useTask();
  useEffect(() => {
    // What is over, or locked meanwhile, has no window.
    const close = () => window.close();
    void saveView(tab).then((next) => (next === undefined ? close() : setView(next)), close);
  }, []);
  if (view === undefined) {
    return (
      <main class="empty">
        <Busy />
      </main>
    );
  }
  return (
    <SavePrompt
      view={view}
      busy={busy}
      wrong={wrong}
      onSave={(userName, id) => run(() => saveTyped(tab, userName, id))}
      onDismiss={() => run(() => answerSave(tab, "dismiss"))}
      onNever={() => run(() => answerSave(tab, "never"))}
    />
  );
}

void show(<Save />);
