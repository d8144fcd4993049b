/** What to call this browser, until the person says otherwise. */

export function suggestedName(agent = navigator.userAgent): string {
  const browser = /Firefox\//.test(agent) ? "Firefox" : /Edg\//.test(agent) ? "Edge" : "Chromium";
  const system = SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1] ?? "";
  return system === "" ? browser : `${browser} · ${system}`;
}

const SYSTEMS: [RegExp, string][] = [
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];
