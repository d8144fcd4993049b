import { useEffect, useState } from "preact/hooks";
import { readSettings, type Settings } from "../../background/settings.ts";
import { saveSettings } from "../ask.ts";
import { SiteRulesView } from "../views/SiteRulesView.tsx";

export function SiteRulesSection() {
  const [settings, setSettings] = useState<Settings>();
  useEffect(() => void readSettings().then(setSettings), []);
  if (settings === undefined) return null;
  const change = (rules: Partial<Pick<Settings, "never" | "unsaved">>) => {
    const next = { ...settings, ...rules };
    setSettings(next);
    void saveSettings(next);
  };
  const { never, unsaved } = settings;
  const without = (hosts: string[], host: string) => hosts.filter((each) => each !== host);
  return <SiteRulesView never={never} unsaved={unsaved} onNever={(host) => change({ never: [...never, host] })} onAllow={(host) => change({ never: without(never, host) })} onAskAgain={(host) => change({ unsaved: without(unsaved, host) })} />;
}
