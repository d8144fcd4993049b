import { useEffect, useState } from "preact/hooks";
import type { State } from "../../core/messages.ts";
import { core } from "../ask.ts";
import { Busy, Notice } from "../components/basic.tsx";
import { useTask, useVaultState } from "../hooks.ts";
import { DevicesSection } from "../sections/DevicesSection.tsx";
import { ItemsSection } from "../sections/ItemsSection.tsx";
import { MovingSection } from "../sections/MovingSection.tsx";
import { SecuritySection } from "../sections/SecuritySection.tsx";
import { SiteRulesSection } from "../sections/SiteRulesSection.tsx";
import { SyncSection } from "../sections/SyncSection.tsx";
import { show } from "../show.tsx";
import { t } from "../t.ts";
import { AboutView } from "../views/AboutView.tsx";
import { ExperimentsView } from "../views/ExperimentsView.tsx";
import { ProtectionView } from "../views/ProtectionView.tsx";
import { SECTIONS, SettingsShell, type Section } from "../views/SettingsShell.tsx";
import { UnlockView } from "../views/UnlockView.tsx";

function Settings() {
  const [state, refresh] = useVaultState();
  const [section, setSection] = useState(fromHash);
  const { busy, wrong, run } = useTask();
  useEffect(() => {
    const follow = () => setSection(fromHash());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);

  if (state === undefined) {
    return (
      <main class="empty">
        <Busy />
      </main>
    );
  }
  if (state.phase === "empty") {
    location.replace("welcome.html");
    return null;
  }
  if (isLocked(state)) {
    return (
      <UnlockView
        busy={busy}
        wrong={wrong}
        onUnlock={(passphrase) => run(() => core({ type: "unlock", passphrase })).then(refresh)}
        onReset={() => run(() => core({ type: "reset" })).then(() => location.assign("welcome.html"))}
      />
    );
  }
  return (
    <SettingsShell section={section}>
      {state.phase === "revoked" && (
        <Notice kind="warn" testId="revoked">
          <strong>{t("revokedTitle")}</strong>
          <p>{t("stateRevoked")}</p>
        </Notice>
      )}
      <Body section={section} state={state} refresh={refresh} />
    </SettingsShell>
  );
}

function Body({ section, state, refresh }: { section: Section; state: Exclude<State, { phase: "empty" }>; refresh: () => void }) {
  const member = state.phase !== "revoked";
  switch (section) {
    case "items":
      return <ItemsSection member={member} />;
    case "moving":
      return <MovingSection member={member} />;
    case "devices":
      return <DevicesSection member={member} />;
    case "sync":
      return <SyncSection state={state} refresh={refresh} />;
    case "security":
      return <SecuritySection member={member} refresh={refresh} />;
    case "sites":
      return <SiteRulesSection />;
    case "experiments":
      return <ExperimentsView />;
    case "about":
      return <AboutView />;
    case "protection":
      return <ProtectionView />;
  }
}

function isLocked(state: State): boolean {
  return state.phase === "locked" || ("locked" in state && state.locked);
}

function fromHash(): Section {
  if (location.hash === "#protection") return "protection";
  return SECTIONS.find(([name]) => `#${name}` === location.hash)?.[0] ?? "items";
}

void show(<Settings />);
