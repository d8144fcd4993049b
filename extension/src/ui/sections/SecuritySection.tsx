import { useEffect, useState } from "preact/hooks";
import { readSettings, type Settings } from "../../background/settings.ts";
import { STRICT_PERMISSION, type PromptRecord, type StrictView } from "../../messages/ui.ts";
import { core, recentPrompts, saveSettings, strictNow } from "../ask.ts";
import { useTask } from "../hooks.ts";
import { applyTheme } from "../show.tsx";
import { RecoveryCard } from "./RecoveryCard.tsx";
import { Reused } from "./Reused.tsx";
import { SecurityView } from "../views/SecurityView.tsx";

export function SecuritySection({ member, refresh }: { member: boolean; refresh: () => void }) {
  const [settings, setSettings] = useState<Settings>();
  const [prompts, setPrompts] = useState<PromptRecord[]>([]);
  const [strict, setStrict] = useState<StrictView>();
  const [changed, setChanged] = useState(false);
  const { busy, wrong, run } = useTask();
  useEffect(() => void readSettings().then(setSettings), []);
  useEffect(() => void strictNow().then(setStrict), []);
  useEffect(() => void recentPrompts().then(setPrompts), []);
  if (settings === undefined) return null;
  const beStrict = async (on: boolean) => {
    // Before anything else: the browser asks the person only right after their press.
    const allowed = on ? chrome.permissions.request({ permissions: [STRICT_PERMISSION] }).catch(() => false) : Promise.resolve(true);
    setStrict({ state: on ? "on" : "off" });
    const granted = await allowed;
    const next = { ...settings, strict: on && granted };
    setSettings(next);
    await saveSettings(next);
    setStrict(await strictNow());
  };
  return (
    <SecurityView
      settings={settings}
      prompts={prompts}
      strict={strict}
      onStrict={beStrict}
      busy={busy}
      wrong={wrong}
      changed={changed}
      onSettings={(next) => {
        setSettings(next);
        void saveSettings(next).then(applyTheme);
      }}
      onChangePassphrase={async (old, passphrase) => {
        const done = await run(() => core({ type: "changePassphrase", old, new: passphrase }));
        setChanged(done);
        return done;
      }}
      onLock={() => core({ type: "lock" }).then(refresh)}
      recovery={
        <>
          {member && <RecoveryCard />}
          <Reused />
        </>
      }
      onReset={() => run(() => core({ type: "reset" })).then(() => location.assign("welcome.html"))}
    />
  );
}
