/** What the person chose for this browser; nothing here is secret. */

export interface Settings {
  /** Whether sites' requests are answered here at all. */
  enabled: boolean;
  /** Minutes without use until the vault locks; 0 means only when the browser closes. */
  autoLock: number;
  theme: "auto" | "light" | "dark";
  /** Whether the browser itself is to ask us, where it can. */
  strict: boolean;
  /** Hosts whose requests are the browser's, as the person said there. Kept in clear, as the browser keeps its own of a site. */
  never: string[];
  /** Hosts whose passwords nobody is asked to keep. */
  unsaved: string[];
}

export const DEFAULTS: Settings = { enabled: true, autoLock: 15, theme: "auto", strict: false, never: [], unsaved: [] };
const STORED = "settings";
/** The oldest rule goes when there are more. */
const MOST_NEVER = 1000;

export function parseSettings(value: unknown): Settings {
  const given = isObject(value) ? value : {};
  const { enabled, autoLock, theme, strict, never, unsaved } = given;
  return {
    enabled: typeof enabled === "boolean" ? enabled : DEFAULTS.enabled,
    autoLock: typeof autoLock === "number" && autoLock >= 0 ? Math.min(Math.trunc(autoLock), 1440) : DEFAULTS.autoLock,
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    strict: strict === true,
    never: parseHosts(never),
    unsaved: parseHosts(unsaved),
  };
}

function parseHosts(value: unknown): string[] {
  return Array.isArray(value) ? [...new Set(value.filter((each) => typeof each === "string"))].slice(-MOST_NEVER) : [];
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

/** What whoever manages this browser decided; the person cannot change it. */
export interface Policy {
  strict?: boolean;
}

export async function readPolicy(): Promise<Policy> {
  // Firefox refuses where nobody manages it.
  const { strict } = await chrome.storage.managed.get("strict").catch(() => ({ strict: undefined }));
  return typeof strict === "boolean" ? { strict } : {};
}

/** The site by its host: all of its ports, and none of its subdomains. */
export function isNever({ never }: Settings, origin: string): boolean {
  return URL.canParse(origin) && never.includes(new URL(origin).hostname);
}

export function isUnsaved({ unsaved }: Settings, origin: string): boolean {
  return URL.canParse(origin) && unsaved.includes(new URL(origin).hostname);
}

export async function leaveUnsaved(origin: string): Promise<void> {
  const settings = await readSettings();
  await writeSettings(parseSettings({ ...settings, unsaved: [...settings.unsaved, new URL(origin).hostname] }));
}

export async function neverOffer(origin: string): Promise<void> {
  const settings = await readSettings();
  await writeSettings(parseSettings({ ...settings, never: [...settings.never, new URL(origin).hostname] }));
}
