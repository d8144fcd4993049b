import type { KitView } from "../core/messages.ts";
import { date, t } from "./t.ts";

/** The page as a file: what people read, and the groups between the lines that the core looks for. */
export function kitFile(kit: KitView, made = Date.now()): string {
  const lines = inLines(kit.groups).map((line) => line.join(" "));
  return [t("kitTitle"), `${t("kitMade")}: ${date(made)}`, `${t("kitAccount")}: ${kit.account}`, `${t("server")}: ${kit.server}`, "", t("kitKeep"), "", kit.begin, ...lines, kit.end, ""].join("\n");
}

/** Groups as they stand on the page. */
export function inLines(groups: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(groups.length / A_LINE) }, (_, line) => groups.slice(line * A_LINE, (line + 1) * A_LINE));
}

const A_LINE = 5;
