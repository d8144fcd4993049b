import type { ComponentChildren } from "preact";
import { Brand } from "../components/basic.tsx";
import { Icon, type IconName } from "../components/Icon.tsx";
import { t, type MessageKey } from "../t.ts";

export const SECTIONS = [
  ["items", "key", "navItems"],
  ["moving", "import", "navMoving"],
  ["devices", "devices", "navDevices"],
  ["sync", "sync", "navSync"],
  ["security", "shield", "navSecurity"],
  ["sites", "globe", "navSites"],
  ["experiments", "flask", "navExperiments"],
  ["about", "info", "navAbout"],
] as const satisfies readonly (readonly [string, IconName, MessageKey])[];
/** `protection` is a page that others link to. */
export type Section = (typeof SECTIONS)[number][0] | "protection";

export function SettingsShell({ section, children }: { section: Section; children: ComponentChildren }) {
  return (
    <div class="settings">
      <nav aria-label={t("navLabel")}>
        <Brand />
        <ul>
          {SECTIONS.map(([name, icon, label]) => (
            <li key={name}>
              <a href={`#${name}`} aria-current={name === section ? "page" : undefined} data-testid={`nav-${name}`}>
                <Icon name={icon} />
                {t(label)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main>{children}</main>
    </div>
  );
}
