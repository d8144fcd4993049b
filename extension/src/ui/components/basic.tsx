/** The small parts of every page. */

import type { ComponentChildren } from "preact";
import { t } from "../t.ts";
import { Icon, type IconName } from "./Icon.tsx";

export function Brand() {
  return (
    <div class="brand">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <rect width="24" height="24" rx="6" fill="var(--accent)" />
        <path d="M12 12a3.4 3.4 0 1 1-6.8 0 3.4 3.4 0 0 1 6.8 0Zm0 0h7m-3 0v2.6m3-2.6v2.6" fill="none" stroke="var(--on-accent)" stroke-width="2.2" stroke-linecap="round" />
      </svg>
      <span>{t("appName")}</span>
    </div>
  );
}

export function Busy() {
  return <span class="busy" role="status" aria-label={t("working")} />;
}

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => unknown;
  kind?: "primary" | "danger" | "danger primary" | "quiet" | "";
  wide?: boolean;
  busy?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
  icon?: IconName;
  testId?: string;
  autofocus?: boolean;
}

export function Button({ children, onClick, kind = "", wide = false, busy = false, disabled = false, type = "button", icon, testId, autofocus = false }: ButtonProps) {
  return (
    <button
      type={type}
      class={`button ${kind} ${wide ? "wide" : ""}`}
      disabled={disabled || busy}
      onClick={() => void onClick?.()}
      data-testid={testId}
      autofocus={autofocus}
    >
      {busy ? <Busy /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function IconButton({ label, icon, onClick, testId }: { label: string; icon: IconName; onClick: () => unknown; testId?: string }) {
  return (
    <button type="button" class="button quiet square" aria-label={label} title={label} onClick={() => void onClick()} data-testid={testId}>
      <Icon name={icon} />
    </button>
  );
}

const NOTICE_ICONS = { plain: "info", good: "check", warn: "warning", bad: "warning" } as const;

export function Notice({ kind = "plain", children, testId }: { kind?: keyof typeof NOTICE_ICONS; children: ComponentChildren; testId?: string }) {
  return (
    <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : undefined} data-testid={testId}>
      <Icon name={NOTICE_ICONS[kind]} />
      <div class="grow wrap">{children}</div>
    </div>
  );
}

/** A letter in a quiet colour of the site's own: no picture is fetched by a site's name. */
export function SiteMark({ site, large = false }: { site: string; large?: boolean }) {
  const name = site.replace(/^https?:\/\//, "").replace(/^www\./, "");
  let hue = 0;
  for (const each of name) hue = (hue * 31 + (each.codePointAt(0) ?? 0)) % 360;
  return (
    <span class={large ? "mark large" : "mark"} style={`--hue: ${hue}`} aria-hidden="true">
      {String.fromCodePoint(name.codePointAt(0) ?? 0x3f)}
    </span>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Tag({ kind = "", children }: { kind?: "good" | "warn" | "bad" | ""; children: ComponentChildren }) {
  return <span class={`tag ${kind}`}>{children}</span>;
}
