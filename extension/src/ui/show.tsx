/** Puts a page's root on the screen, in the theme and direction of the person. */

import { render, type ComponentChild } from "preact";
import { readSettings } from "../background/settings.ts";
import { locale, t } from "./t.ts";

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

export async function show(root: ComponentChild): Promise<void> {
  await applyTheme();
  const html = document.documentElement;
  html.lang = locale();
  html.dir = RIGHT_TO_LEFT.has(locale().split("-")[0] ?? "") ? "rtl" : "ltr";
  document.title = t("appName");
  render(root, document.body);
}

export async function applyTheme(): Promise<void> {
  const { theme } = await readSettings();
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
