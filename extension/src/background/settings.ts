/** What the person chose for this browser; nothing here is secret. */

export interface Settings {
  /** Whether sites' requests are answered here at all. */
  enabled: boolean;
  /** Minutes without use until the vault locks; 0 means only when the browser closes. */
  autoLock: number;
  theme: "auto" | "light" | "dark";
}

export const DEFAULTS: Settings = { enabled: true, autoLock: 15, theme: "auto" };
const STORED = "settings";

export function parseSettings(value: unknown): Settings {
  const given = isObject(value) ? value : {};
  const { enabled, autoLock, theme } = given;
  return {
    enabled: typeof enabled === "boolean" ? enabled : DEFAULTS.enabled,
    autoLock: typeof autoLock === "number" && autoLock >= 0 ? Math.min(Math.trunc(autoLock), 1440) : DEFAULTS.autoLock,
    theme: theme === "light" || theme === "dark" ? theme : "auto",
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export async function readSettings(): Promise<Settings> {
  return parseSettings((await chrome.storage.local.get(STORED))[STORED]);
}

export async function writeSettings(settings: Settings): Promise<void> {
  await chrome.storage.local.set({ [STORED]: settings });
}
