import { useEffect, useState } from "preact/hooks";
import { readSettings, type Settings } from "../../background/settings.ts";
import { saveSettings } from "../ask.ts";
import { SiteRulesView } from "../views/SiteRulesView.tsx";

export function SiteRulesSection() {
  const [settings, setSettings] = useState<Settings>();
  useEffect(() => void readSettings().then(setSettings), []);
  if (settings === undefined) return null;
  const change = (never: string[]) => {
    const next = { ...settings, never };
    setSettings(next);
    void saveSettings(next);
  };
  return <SiteRulesView never={settings.never} onNever={(host) => change([...settings.never, host])} onAllow={(host) => change(settings.never.filter((each) => each !== host))} />;
}
